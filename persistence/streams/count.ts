import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { StreamFilters } from "../stream-row.ts";
import { commonConditions, needsStreams, readyFilters, streamConditions } from "./filter.ts";

/** How many streams match; contract, sections 2 and 3. Only the tables that the filters ask about are read. */
export async function countStreams(sql: Sql, filters: StreamFilters): Promise<number> {
	const ready = await readyFilters(sql, filters);
	if (ready === null) return 0;
	const parameters = new Parameters();
	const conditions = streamConditions(ready, parameters);
	if (ready.names !== undefined) conditions.push(`s.name = ANY(${parameters.addAll(ready.names, "text")})`);
	let from = "streams s";
	if (ready.statuses !== undefined) {
		from = needsStreams(ready) ? "streams s JOIN stream_states t ON t.stream_id = s.stream_id" : "stream_states t";
		conditions.push(`t.status = ANY(${parameters.addAll(ready.statuses, "text")})`);
	}
	conditions.push(...commonConditions(from === "stream_states t" ? "t" : "s", ready, parameters));
	const [row] = await query<{ count: string }>(sql, `SELECT count(*) FROM ${from} ${where(conditions)}`, parameters);
	return Number(row?.count);
}
