import Negotiator from "negotiator";

/**
 * The offered media type that an `Accept` header prefers, by q-value and then in the order of the offer, or undefined
 * when it accepts none of them. A header that is absent or blank accepts everything: the first is given.
 */
export function acceptedType<const T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
	if (accept === undefined || accept.trim() === "") return offered[0];
	const type = new Negotiator({ headers: { accept } }).mediaType(offered);
	return offered.find((each) => each === type);
}
