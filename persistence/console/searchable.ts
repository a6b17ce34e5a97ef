/**
 * What of a reference may be searched: without the user and the password before its host, and without what follows a
 * `?`. A search that saw them would tell, letter by letter, what nobody is shown. A password written with a raw `/`,
 * `?`, `#` or `@` is no proper part of a URL; then all up to the last `@` is left out.
 *
 * The same in SQL and in memory: a row that changes is held against filters without asking the database.
 */
export function searchable(column: string): string {
	return `regexp_replace(CASE
		WHEN ${column} ~ '://[^/?#]*@[^/?#@]' THEN regexp_replace(${column}, '://[^/?#]*@', '://', 'g')
		WHEN ${column} ~ '://[^/?#]*:.*@' THEN regexp_replace(${column}, '://.*@', '://')
		ELSE ${column} END, '[?].*$', '')`;
}

/** `searchable` of one text. */
export function searchableText(reference: string): string {
	const bare = /:\/\/[^/?#]*@[^/?#@]/.test(reference)
		? reference.replace(/:\/\/[^/?#]*@/g, "://")
		: /:\/\/[^/?#]*:.*@/s.test(reference)
			? reference.replace(/:\/\/.*@/s, "://")
			: reference;
	return bare.replace(/[?].*$/s, "");
}
