/** Where in the console somebody is, as the part of the address after "#": `#/stream/<id>?tab=log`. */
export interface Address {
	/** The first part of the path, the name of a place; "" at the root. */
	readonly place: string;
	/** The further parts of the path, decoded. */
	readonly rest: readonly string[];
	readonly query: URLSearchParams;
}

/** Reads an address from a hash. Whatever it is, it can be read: what is not well encoded stays as it is. */
export function parseAddress(hash: string): Address {
	const text = hash.replace(/^#\/?/, "");
	const mark = text.indexOf("?");
	const path = mark < 0 ? text : text.slice(0, mark);
	const [place = "", ...rest] = path.split("/").map(decoded);
	return {
		place,
		rest: rest.filter((part) => part !== ""),
		query: new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)),
	};
}

/** The address as a link's `href`. Parameters that are empty, null or undefined are left out. */
export function hrefOf(
	place: string,
	rest: readonly string[] = [],
	query: Readonly<Record<string, string | null | undefined>> = {},
): string {
	const path = [place, ...rest].map(encodeURIComponent).join("/");
	const given = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) if (value) given.set(name, value);
	const text = given.toString();
	return `#/${path}${text === "" ? "" : `?${text}`}`;
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		// Typed by hand; a wrong place is shown as such.
		return part;
	}
}
