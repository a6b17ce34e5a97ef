import type { Sql } from "postgres";
import { Parameters } from "../parameters.ts";
import { query, queryMerged } from "../query.ts";
import type { Page, StreamFilters, StreamRow } from "../stream-row.ts";
import { byIds } from "./by-ids.ts";
import { type ReadyFilters, readyFilters } from "./filter.ts";
import { type Intersection, intersection } from "./intersection.ts";
import { type Meeting, meetings } from "./meeting.ts";
import type { OrderedList, Span } from "./ordered-list.ts";
import { type RawStreamRow, streamSelect, toStreamRow } from "./select.ts";

/** Ordered walks that one page is merged from at most: planning one takes some 50 µs. */
const WALKS = 24;

/**
 * A page of the streams that match, oldest first by (create_time, number); contract, sections 2 and 3. The page's places
 * are found first, in indexes alone; the rows and the groups are read for these only.
 */
export async function listStreams(sql: Sql, filters: StreamFilters, page: Page): Promise<StreamRow[]> {
	const ready = await readyFilters(sql, filters);
	if (ready === null) return [];
	const parameters = new Parameters();
	const places = await pageOf(sql, ready, page, parameters);
	if (places === null) return [];
	if (!places.merged) return (await query<RawStreamRow>(sql, rowsOf(places.text), parameters)).map(toStreamRow);
	const found = await queryMerged<{ create_time: string; number: string }>(
		sql,
		`SELECT create_time::text AS create_time, number FROM (${places.text}) places`,
		parameters,
	);
	if (found.length === 0) return [];
	const rows = await sql.unsafe<RawStreamRow[]>(
		rowsOf("SELECT create_time::timestamptz, number FROM unnest($1::text[], $2::bigint[]) p (create_time, number)"),
		[found.map((place) => place.create_time), found.map((place) => place.number)],
	);
	return rows.map(toStreamRow);
}

/** The statement that reads the rows of some places. */
function rowsOf(places: string): string {
	return `WITH hits AS MATERIALIZED (${places})
		SELECT ${streamSelect}
		FROM hits JOIN streams s ON s.create_time = hits.create_time AND s.number = hits.number
		JOIN stream_states t ON t.stream_id = s.stream_id
		ORDER BY s.create_time, s.number`;
}

/**
 * Several values of a filter are merged from one ordered walk each, which go no further than the page. With `= ANY` the
 * planner either sorts all that match, or walks all streams in order, hoping to meet enough of them soon; but what is
 * pending came last, and that walk meets it last. Among 500,000 streams, 10,000 of them pending: 120 ms sorted, 3.1 s
 * walked, 1.2 ms merged.
 */
async function pageOf(sql: Sql, ready: ReadyFilters, page: Page, parameters: Parameters): Promise<Intersection | null> {
	const size = parameters.add(page.page_size, "bigint");
	const offset = parameters.add((page.page - 1) * page.page_size, "bigint");
	const end = `ORDER BY create_time, number LIMIT ${size} OFFSET ${offset}`;
	if (ready.stream_ids !== undefined) {
		const text = `SELECT s.create_time, s.number ${byIds(ready.stream_ids, ready, parameters)} ${end}`;
		return { text, merged: false };
	}
	const depth = page.page * page.page_size;
	const sets = apart(ready.lists);
	const met = await meetings(sql, sets);
	const walks = sets.flatMap((lists, place) => {
		const meeting = met[place];
		return meeting ? [walk(lists, meeting, ready.span, depth, parameters)] : [];
	});
	if (walks.length === 0) return null;
	const all = walks.map(({ text }) => `(${text})`).join("\nUNION ALL\n");
	return {
		text: `SELECT create_time, number FROM (${all}) places ${end}`,
		merged: walks.some(({ merged }) => merged),
	};
}

/**
 * The lists with each combination of their values: no stream is in two of them, since a stream has one name, one status
 * and so on. Of a list with too many values (names, that can only be) the values stay together.
 */
function apart(lists: readonly OrderedList[]): OrderedList[][] {
	let combinations: OrderedList[][] = [[]];
	for (const list of lists) {
		if (list.shared) {
			combinations = combinations.map((combination) => [...combination, list]);
			continue;
		}
		const tooMany = combinations.length * list.values.length > WALKS;
		// There is but one value that is asked for at a time; another such list is looked at as a whole.
		const asked = combinations[0]?.some(({ each }) => each !== undefined) ? {} : { each: "asked.value" };
		const parts = tooMany ? [{ ...list, ...asked }] : list.values.map((value) => ({ ...list, values: [value] }));
		combinations = combinations.flatMap((combination) => parts.map((each) => [...combination, each]));
	}
	return combinations;
}

/** The first places of an intersection, as many as the page's end needs. */
function walk(
	lists: readonly OrderedList[],
	meeting: Meeting,
	span: Span,
	depth: number,
	parameters: Parameters,
): Intersection {
	const { text, merged } = intersection(lists, meeting, span, parameters);
	const ordered = `SELECT l0.create_time, l0.number ${text}
		ORDER BY create_time, number LIMIT ${parameters.add(depth, "bigint")}`;
	const many = lists.find((list) => list.each !== undefined);
	if (many === undefined) return { text: ordered, merged };
	const values = parameters.addAll(many.values, many.type);
	return {
		text: `SELECT hit.* FROM unnest(${values}) asked (value) CROSS JOIN LATERAL (${ordered}) hit`,
		merged,
	};
}
