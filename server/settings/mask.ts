/** What stands where a secret was. */
export const mask = "********";

/** Names whose values are secrets, as the end of a longer name as well: `DB_PASSWORD`, `accessToken`. */
const names = "(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|authorization|credentials)";

const secretName = new RegExp(`${names}$`, "i");
/** A quick look that lets ordinary text pass without further work. */
const suspicious = new RegExp(`:\\/\\/|bearer|basic|perigee_|eyJ|${names}|[?&](?:pass|auth|key|sig)`, "i");

/** `name: "value"`, as JSON has it, also inside a JSON string, and cut off in the middle. */
const quoted = new RegExp(`(${names}(\\\\*["'])?\\s*[:=]\\s*(\\\\*)(["']))((?:(?!\\3\\4)(?:\\\\.|[^\\\\]))*)`, "gis");
/** `name=value`, `name: value`, as connection strings and query strings have it, or a number in JSON. */
const bare = new RegExp(`(${names}(?:\\\\*["'])?\\s*[:=]\\s*)([^\\s"'\\\\{[,;&]+)`, "gi");
const query = /([?&](?:pass|auth|key|sig|signature)=)([^\s"'&#]+)/gi;
/**
 * Tokens of this service and JWTs, wherever they stand: the beginning of ours is no secret. What begins as a JWT and goes
 * on as none is matched as well, so that no part of a text is read twice.
 */
const token = /\b(perigee_[\w-]{8})[\w-]{43}|\beyJ[\w-]{8,}(\.[\w-]+(?:\.[\w-]*)?)?/g;
const scheme = /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi;
/** From one `://` to the end of the word, or to the next `://` in it. */
const url = /:\/\/((?:(?!:\/\/)[^\s"'<>`])*)/g;

/** True for the name of a member whose value must never be written down. */
export function isSecretName(name: string): boolean {
	return secretName.test(name);
}

/** False when there is certainly nothing in the text that `maskSecrets` or `isSecretName` would hide. */
export function mayHoldSecrets(text: string): boolean {
	return suspicious.test(text);
}

/**
 * A text with the secrets in it replaced: passwords inside URLs, values that follow a name like password or token, and
 * credentials of an Authorization header. For messages of errors and everything else that people will read; where it is
 * in doubt, it hides more.
 */
export function maskSecrets(text: string): string {
	if (!mayHoldSecrets(text)) return text;
	return text
		.replace(url, (_, rest: string) => `://${maskUser(rest)}`)
		.replace(token, (whole, ours: string | undefined, jwt: string | undefined) =>
			ours === undefined && jwt === undefined ? whole : `${ours ?? ""}${mask}`,
		)
		.replace(scheme, `$1 ${mask}`)
		.replace(quoted, (_, head: string) => `${head}${mask}`)
		.replace(bare, `$1${mask}`)
		.replace(query, `$1${mask}`);
}

/** An address as it is written, with two slashes. */
const strict = /^[a-z][a-z0-9+.-]*:\/\/(?![\\/])/i;
/**
 * A user and a password in one that is not: without its scheme, or with other slashes. Not all who read addresses are strict.
 * `persistence/console/searchable.ts` has both as well.
 */
const loose =
	/^((?:[a-z][a-z0-9+.-]*:(?=[\\/ \t\n\v\f\r]))?[\\/ \t\n\v\f\r]*(?:[^:@/\\?# \t\n\v\f\r][^:@/\\?#]*)?:).*@/is;

/**
 * An address as a whole with the passwords before its hosts hidden, also those that hold blanks or quotes, which would end it
 * if it stood in a text.
 */
export function maskUsers(address: string): string {
	if (!address.includes("@")) return address;
	if (!strict.test(address) && loose.test(address)) return address.replace(loose, `$1${mask}@`);
	// Before a path, a query or a fragment `://` begins no other address: it is a part of the password.
	return address.replace(
		/:\/\/((?::\/\/|[^/?#])*(?:[/?#](?:(?!:\/\/).)*)?)/gs,
		(_, rest: string) => `://${maskUser(rest)}`,
	);
}

/** Hides the password in what follows the `://` of a URL; one written with raw `/`, `?`, `#` or `@` in it as well. */
function maskUser(rest: string): string {
	const end = rest.search(/[/?#]/);
	const authority = end < 0 ? rest : rest.slice(0, end);
	const at = authority.lastIndexOf("@");
	// No host behind the `@`, or none at all before the path: the password itself holds the path's sign.
	const whole = at >= 0 && at < authority.length - 1 ? at : rest.lastIndexOf("@");
	const colon = rest.indexOf(":");
	if (whole < 0 || colon < 0 || colon > whole || (end >= 0 && colon > end)) return rest;
	return `${rest.slice(0, colon)}:${mask}${rest.slice(whole)}`;
}
