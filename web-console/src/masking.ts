/** What stands where a secret stood; the same sign as in the service's own answers. */
const MASK = "********";
const SECRET_NAME = /(pass|pwd|secret|token|key|auth|sign|cred|user|login|session)/i;

/** A host's name or address, and perhaps its port: what stands before the first "/" when there are no credentials. */
const HOST = /^(\[[0-9a-f:.%]+\]|[^:@[\]]*)(:\d*)?$/i;

/**
 * A stream's reference without what would let somebody else open it: user and password before the host, and values of
 * query parameters whose names sound like secrets. Where the two cannot be told apart (a password with a "/" that was
 * not escaped), rather too much is hidden. Whatever is not an address stays as it is.
 */
export function withoutCredentials(reference: string): string {
	const [, scheme, rest] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(reference) ?? [];
	if (scheme === undefined || rest === undefined) return reference;
	const shown = withoutUser(rest);
	const query = shown.search(/[?#]/);
	return scheme + (query < 0 ? shown : shown.slice(0, query) + maskParameters(shown.slice(query)));
}

function withoutUser(rest: string): string {
	if (HOST.test(rest.slice(0, lengthBefore(rest, /[/?#]/)))) return rest;
	const inPlace = rest.slice(0, lengthBefore(rest, /[?#]/)).lastIndexOf("@");
	const at = inPlace < 0 ? rest.lastIndexOf("@") : inPlace;
	return at < 0 ? rest : `${MASK}@${rest.slice(at + 1)}`;
}

function lengthBefore(text: string, mark: RegExp): number {
	const at = text.search(mark);
	return at < 0 ? text.length : at;
}

function maskParameters(tail: string): string {
	return tail.replace(/([?&#;])([^=&#;]*)=([^&#;]*)/g, (whole, mark: string, name: string, value: string) =>
		SECRET_NAME.test(name) && value !== "" ? `${mark}${name}=${MASK}` : whole,
	);
}
