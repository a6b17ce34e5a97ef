import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { Scope } from "../scope.ts";
import type { StreamStatus } from "../stream-row.ts";
import { consoleConditions } from "./filter.ts";

/**
 * How many streams of a scope show each status; those that none shows are left out. Over everything it is a walk through
 * one narrow index; whoever asks again and again should ask the less often the longer it takes.
 */
export async function countStatuses(sql: Sql, scope: Scope): Promise<Map<StreamStatus, number>> {
	const parameters = new Parameters();
	const conditions = await consoleConditions(sql, {}, scope, parameters);
	if (conditions === null) return new Map();
	const from =
		conditions.streams.length > 0 ? "stream_states t JOIN streams s ON s.stream_id = t.stream_id" : "stream_states t";
	const rows = await query<{ status: StreamStatus; count: number }>(
		sql,
		`SELECT t.status, count(*)::float8 AS count FROM ${from} ${where([...conditions.streams, ...conditions.states])} GROUP BY t.status`,
		parameters,
	);
	return new Map(rows.map(({ status, count }) => [status, count]));
}
