import type { Sql } from "postgres";
import { Parameters } from "../parameters.ts";
import { query } from "../query.ts";
import type { OrderedList, Span } from "./ordered-list.ts";

/**
 * Entries of a list that is probed from. To look for one entry in another list costs some 2 µs, to pass one by in a merge
 * 85 ns; so the other list may be 25 times as long before merging is the slower way, and no more than 10 ms are lost.
 */
const SHORT = 5_000;

/** Where lists can meet, and how they are best joined. */
export interface Meeting {
	/** The times that all of the lists have in common. */
	span: Pick<Span, "first" | "last">;
	/** The shortest list, where one is so short that the others are looked at for each of its entries. */
	short?: OrderedList;
}

/**
 * Looks at the lists of each set: where they meet, null when they do not, and whether one is short. Asked of the indexes,
 * since statistics cannot tell: streams that came in a burst, or that one change of status made many, are not in them yet.
 *
 * It costs two looks into an index for each value, and reads `SHORT` entries of a long list (0.3 ms).
 */
export async function meetings(sql: Sql, sets: readonly OrderedList[][]): Promise<(Meeting | null)[]> {
	const parameters = new Parameters();
	const look = (list: OrderedList, place: number) => {
		const values = parameters.addAll(list.values, list.type);
		const walk = (columns: string, direction: "ASC" | "DESC", limit: number) => `
			FROM unnest(${values}) v (value) CROSS JOIN LATERAL (
				SELECT ${columns} FROM ${list.table} l WHERE l.${list.column} = v.value
				ORDER BY l.create_time ${direction}, l.number ${direction} LIMIT ${limit}
			) e`;
		return `(
			(SELECT min(e.create_time) ${walk("l.create_time", "ASC", 1)}),
			(SELECT max(e.create_time) ${walk("l.create_time", "DESC", 1)}),
			(SELECT count(*) FROM (SELECT ${walk("", "ASC", SHORT + 1)} LIMIT ${SHORT + 1}) c),
			${place})`;
	};
	const asked = sets.flatMap((lists, place) => (lists.length < 2 ? [] : [{ lists, place }]));
	const found: (Meeting | null)[] = sets.map(() => ({ span: {} }));
	if (asked.length === 0) return found;
	const texts = asked.map(
		({ lists, place }) => `
		SELECT ${place} AS place, max(first)::text AS first, min(last)::text AS last,
			bool_or(first IS NULL) OR max(first) > min(last) AS apart, array_agg(entries::integer ORDER BY list) AS entries
		FROM (VALUES ${lists.map(look).join(", ")}) look (first, last, entries, list)`,
	);
	const rows = await query<{ place: number; first: string; last: string; apart: boolean; entries: number[] }>(
		sql,
		texts.join("\nUNION ALL"),
		parameters,
	);
	for (const { place, first, last, apart, entries } of rows) {
		const least = Math.min(...entries);
		const short = least <= SHORT ? sets[place]?.[entries.indexOf(least)] : undefined;
		found[place] = apart ? null : { span: { first, last }, ...(short === undefined ? {} : { short }) };
	}
	return found;
}
