import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { Span } from "./ordered-list.ts";

/** Pieces that a count is cut into, for two sessions to share. */
const PIECES = 6;

/**
 * Spans that are the given one together, with about as many streams in each, as far as the last ANALYZE knows: so lists can be
 * merged piece by piece, each by one session. A process of PostgreSQL that helps with a merge as a whole has a part of one list,
 * and reads all of the others.
 */
export async function pieces(sql: Sql, span: Span): Promise<Span[]> {
	const parameters = new Parameters();
	const conditions = ["schemaname = current_schema()", "tablename = 'streams'", "attname = 'create_time'"];
	for (const time of [span.gte, span.first])
		if (time !== undefined) conditions.push(`bound > ${parameters.addTime(time)}`);
	for (const time of [span.lt, span.last])
		if (time !== undefined) conditions.push(`bound < ${parameters.addTime(time)}`);
	const bounds = await query<{ bound: string }>(
		sql,
		`SELECT DISTINCT bound::text FROM pg_stats, unnest(histogram_bounds::text::timestamptz[]) bound
		${where(conditions)} ORDER BY bound`,
		parameters,
	);
	const cuts: string[] = [];
	for (let piece = 1; piece < PIECES; piece++) {
		const cut = bounds[Math.floor((piece * bounds.length) / PIECES)]?.bound;
		if (cut !== undefined && cut !== cuts.at(-1)) cuts.push(cut);
	}
	return [span.gte, ...cuts].map((gte, index) => ({ ...span, gte, lt: cuts[index] ?? span.lt }));
}
