/** What follows these may be hidden where a reference is shown (`server/settings/mask.ts`, `server/console/hidden.ts`). */
const secretNames = "password|passwd|passphrase|pwd|secret|token|api[_-]?key|authorization|credentials";
const hiddenFrom = `[?&;]|(?:${secretNames})[^0-9A-Za-z]*[:=]|(?:bearer|basic)[^!-~]`;
/** How tokens begin; here the case matters, but where more is left out than need be. */
const tokenFrom = "(?:eyJ|perigee_)[0-9A-Za-z_-]{8}";
/** In lower case. Most references hold none of these, and are looked at no closer: that takes several times as long. */
const rare = `${secretNames.replace("[_-]?", "%")}|bearer|basic|eyj|perigee`.split("|").map((word) => `%${word}%`);
/** Something before an `@` that is not plainly a user and a password: who reads it may see nothing of what follows. */
const oddUser = "://(?:[^:@/]*[@?&;]|[^/?#]*://)";
const odderUser = `://(?:[^:@/]*(?:[@?&;]|${hiddenFrom}|${tokenFrom})|[^/?#]*://)`;

/** As in `server/settings/mask.ts`: one with a password that is not written as addresses are is not searched at all. */
const strict = "^[a-z][a-z0-9+.-]*://(?![\\\\/])";
const blank = " \\t\\n\\v\\f\\r";
const loose = `^(?:[a-z][a-z0-9+.-]*:(?=[\\\\/${blank}]))?[\\\\/${blank}]*(?:[^:@/\\\\?#${blank}][^:@/\\\\?#]*)?:.*@`;

/**
 * What of a reference may be searched: without the user and the password before its host, and only up to where something may
 * be hidden from who reads it: at a `?`, a name like `password=`, a token. A search that saw that would tell, letter by letter,
 * what nobody is shown. A password written with a raw `/`, `?`, `#` or `@` is no proper part of a URL; then all up to the last
 * `@` is left out.
 *
 * The same in SQL and in memory: a row that changes is held against filters without asking the database.
 */
export function searchable(column: string): string {
	// In no language's order: a Turkish one has other small letters.
	const text = `(${column} COLLATE "C")`;
	const bare = (odd: string) => `CASE
		WHEN ${text} NOT LIKE '%@%' THEN ${text}
		WHEN ${text} !~* '${strict}' AND ${text} ~* '${loose}' THEN ''
		WHEN ${text} ~* '${odd}.*@' THEN regexp_replace(${text}, '://.*$', '://')
		WHEN ${text} ~ '://[^/?#]*@[^/?#@]+(?:[/?#]|$)' THEN regexp_replace(${text}, '://[^/?#]*@', '://', 'g')
		WHEN ${text} ~ '://[^/?#]*:.*@' THEN regexp_replace(${text}, '://.*@', '://')
		ELSE ${text} END`;
	return `(CASE WHEN lower(${text}) LIKE ANY ('{${rare.join()}}')
		THEN regexp_replace(regexp_replace(${bare(odderUser)}, '(?:${hiddenFrom}).*$', '', 'i'), '${tokenFrom}.*$', '')
		ELSE regexp_replace(${bare(oddUser)}, '[?&;].*$', '') END COLLATE "default")`;
}

const strictly = new RegExp(strict, "i");
const loosely = new RegExp(loose, "is");
const odd = new RegExp(odderUser, "is");
const hidden = new RegExp(`(?:${hiddenFrom}).*$`, "is");
const token = new RegExp(`${tokenFrom}.*$`, "s");

/** `searchable` of one text. */
export function searchableText(reference: string): string {
	return bareText(reference).replace(hidden, "").replace(token, "");
}

function bareText(reference: string): string {
	if (!strictly.test(reference) && loosely.test(reference)) return "";
	// Looked for before the last `@` only: not from each place anew.
	const user = reference.slice(0, Math.max(reference.lastIndexOf("@"), 0));
	if (odd.test(user)) return reference.replace(/:\/\/.*$/s, "://");
	if (/:\/\/[^/?#]*@[^/?#@]+(?:[/?#]|$)/.test(reference)) return reference.replace(/:\/\/[^/?#]*@/g, "://");
	return /:\/\/[^/?#]*:.*@/s.test(reference) ? reference.replace(/:\/\/.*@/s, "://") : reference;
}
