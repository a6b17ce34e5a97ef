import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { Scope } from "../scope.ts";
import { consoleConditions } from "./filter.ts";

/** What waits in the queue, as far as a scope goes. */
export interface QueueFigures {
	pending: number;
	/** Of these, how many may not be taken yet. */
	held_back: number;
	/** The first in queue order. */
	first: string[];
}

/** Counts the pending streams of a scope, and those that are held back; the first `limit` in the order of the queue. */
export async function queueFigures(sql: Sql, scope: Scope, limit: number): Promise<QueueFigures> {
	const parameters = new Parameters();
	const conditions = await consoleConditions(sql, {}, scope, parameters);
	if (conditions === null) return { pending: 0, held_back: 0, first: [] };
	const { streams, states } = conditions;
	const from = `stream_states t${streams.length > 0 ? " JOIN streams s ON s.stream_id = t.stream_id" : ""}`;
	const pending = [...streams, ...states, "t.status = 'pending'"];
	const held = [...pending, "t.takeable_time > statement_timestamp()"];
	const [row] = await query<QueueFigures>(
		sql,
		`SELECT (SELECT count(*) FROM ${from} ${where(pending)})::float8 AS pending,
			(SELECT count(*) FROM ${from} ${where(held)})::float8 AS held_back,
			ARRAY(
				SELECT t.stream_id FROM ${from} ${where(pending)}
				ORDER BY t.create_time, t.number LIMIT ${parameters.add(limit, "bigint")}
			) AS first`,
		parameters,
	);
	return row ?? { pending: 0, held_back: 0, first: [] };
}
