import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { Scope } from "../scope.ts";
import { type ConsoleFilter, consoleConditions } from "./filter.ts";

/** `problems`: failed ones first, then held-back and lost ones, then the rest, each by age. */
export type ConsoleOrder = "oldest" | "newest" | "problems";

/** The streams that match. */
export interface IdsFound {
	/** How many there are. */
	total: number;
	/** The first of them in order, 16 bytes each. */
	ids: Uint8Array;
}

const rank = `CASE
	WHEN t.status = 'failure' THEN 0
	WHEN t.status = 'pending' AND (t.takeable_time > statement_timestamp() OR t.lost_count > 0) THEN 1
	ELSE 2 END`;

/**
 * The first `limit` streams that match, in order, and how many match. The ids come as one value of 16 bytes each: a
 * hundred thousand rows of text would cost the driver ten times as much.
 *
 * A filter that looks for parts of texts reads every row once; any other uses the indexes for the count and for the list.
 */
export async function listConsoleIds(
	sql: Sql,
	question: { filter: ConsoleFilter; scope: Scope; order: ConsoleOrder },
	limit: number,
): Promise<IdsFound> {
	const { filter, scope, order } = question;
	const parameters = new Parameters();
	const conditions = await consoleConditions(sql, filter, scope, parameters);
	if (conditions === null) return { total: 0, ids: new Uint8Array() };
	const { streams, states, scans } = conditions;
	const all = where([...streams, ...states]);
	const needed = (also: boolean) =>
		states.length > 0 || also
			? streams.length > 0
				? "stream_states t JOIN streams s ON s.stream_id = t.stream_id"
				: "stream_states t"
			: "streams s";
	const problems = order === "problems";
	const from = needed(problems);
	const alias = from.startsWith("stream_states") ? "t" : "s";
	const columns = `${alias}.stream_id, ${alias}.create_time, ${alias}.number${problems ? `, ${rank} AS rank` : ""}`;
	const direction = order === "newest" ? "DESC" : "ASC";
	const sorted = `ORDER BY ${problems ? "rank, " : ""}create_time ${direction}, number ${direction}`;
	const most = parameters.add(limit, "bigint");
	const joined = (source: string) =>
		`(SELECT string_agg(uuid_send(stream_id), ''::bytea ${sorted}) FROM (${source} ${sorted} LIMIT ${most}) first)`;
	const text =
		scans || problems
			? `WITH hits AS MATERIALIZED (SELECT ${columns} FROM ${from} ${all})
				SELECT (SELECT count(*) FROM hits)::float8 AS total, ${joined("SELECT * FROM hits")} AS ids`
			: `SELECT (SELECT count(*) FROM ${needed(false)} ${all})::float8 AS total,
				${joined(`SELECT ${columns} FROM ${from} ${all}`)} AS ids`;
	const [found] = await query<{ total: number; ids: Uint8Array | null }>(sql, text, parameters);
	return { total: found?.total ?? 0, ids: found?.ids ?? new Uint8Array() };
}
