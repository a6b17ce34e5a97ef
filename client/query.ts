/** A query string as its parameters, in their order, each with its raw values: what commas separate. */
export type Query = readonly (readonly [name: string, values: readonly string[]])[];

/** Lists whose values are alternatives: what matches one part of them matches the whole. */
const divisible = ["stream_ids", "names", "group_ids", "group_names"];

/** Reads a query string, with or without its question mark. Nothing is decoded. */
export function readQuery(text: string): Query {
	const pairs = text.replace(/^\?/, "").split("&");
	return pairs
		.filter((pair) => pair !== "")
		.map((pair) => {
			const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
			return [name, [...new Set(value.split(/,|%2C/i))]];
		});
}

export function writeQuery(query: Query): string {
	return query.map(([name, values]) => `${name}=${values.join(",")}`).join("&");
}

/** The only value of a parameter, or undefined when it is absent. */
export function valueIn(query: Query, name: string): string | undefined {
	return query.find(([each]) => each === name)?.[1].join(",");
}

/** The query with one parameter set anew, at its end. */
export function withValue(query: Query, name: string, value: string): Query {
	return [...query.filter(([each]) => each !== name), [name, [value]]];
}

/**
 * Queries of at most `room` characters each that together match what the given one matches: its longest lists are halved
 * until all fit. One that has no list left to halve stays as long as it is.
 */
export function inParts(query: Query, room: number): Query[] {
	if (writeQuery(query).length <= room) return [query];
	const lists = query.filter(([name, values]) => divisible.includes(name) && values.length > 1);
	const [longest] = [...lists].sort(([, a], [, b]) => b.join().length - a.join().length);
	if (longest === undefined) return [query];
	const [name, values] = longest;
	const middle = Math.ceil(values.length / 2);
	return [values.slice(0, middle), values.slice(middle)].flatMap((half) =>
		inParts(
			query.map((each) => (each === longest ? [name, half] : each)),
			room,
		),
	);
}
