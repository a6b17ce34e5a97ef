import Negotiator from "negotiator";

/** Characters of an `Accept` that are looked at, six times what browsers send: hundreds of types take longer to weigh than most requests. */
const LONGEST = 512;

/**
 * The offered media type that an `Accept` header prefers, by q-value and then in the order of the offer, or undefined
 * when it accepts none of them. A header that is absent or blank accepts everything: the first is given.
 */
export function acceptedType<const T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
	if (accept === undefined || accept.trim() === "") return offered[0];
	const type = new Negotiator({ headers: { accept: beginning(accept) } }).mediaType(offered);
	return offered.find((each) => each === type);
}

/** The types that stand whole within the first `LONGEST` characters. */
function beginning(accept: string): string {
	if (accept.length <= LONGEST) return accept;
	return accept.slice(0, Math.max(0, accept.lastIndexOf(",", LONGEST)));
}

/** Encodings that files are kept in, the smaller ones first. */
export const ENCODINGS = ["br", "gzip"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * The smallest offered encoding that an `Accept-Encoding` header allows, or undefined when the content is to go as it is: no
 * header, none that is offered, or `identity` preferred. Browsers give all of theirs the same weight.
 */
export function acceptedEncoding(accept: string, offered: readonly Encoding[]): Encoding | undefined {
	if (accept === "" || offered.length === 0) return undefined;
	const accepted = new Negotiator({ headers: { "accept-encoding": beginning(accept) } }).encodings([
		...offered,
		"identity",
	]);
	if (accepted[0] === "identity") return undefined;
	return ENCODINGS.find((each) => offered.includes(each) && accepted.includes(each));
}
