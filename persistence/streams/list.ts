import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { Page, StreamFilters, StreamRow } from "../stream-row.ts";
import { commonConditions, needsStreams, type ReadyFilters, readyFilters, streamConditions } from "./filter.ts";
import { type RawStreamRow, streamSelect, toStreamRow } from "./select.ts";

/**
 * A page of the streams that match, oldest first by (create_time, number); contract, sections 2 and 3. The page's ids are
 * found first, by an index in that order wherever one serves; the wide columns and the groups are read for these only.
 */
export async function listStreams(sql: Sql, filters: StreamFilters, page: Page): Promise<StreamRow[]> {
	const ready = await readyFilters(sql, filters);
	if (ready === null) return [];
	const parameters = new Parameters();
	const hits = pageOf(ready, page, parameters);
	const rows = await query<RawStreamRow>(
		sql,
		`WITH hits AS MATERIALIZED (${hits})
		SELECT ${streamSelect}
		FROM hits JOIN streams s ON s.stream_id = hits.stream_id JOIN stream_states t ON t.stream_id = hits.stream_id
		ORDER BY s.create_time, s.number`,
		parameters,
	);
	return rows.map(toStreamRow);
}

/**
 * Several values of a filter are merged from one ordered walk each (`LATERAL … LIMIT`). With `= ANY` the planner either
 * sorts all that match, or walks all streams in order, hoping to meet enough of them soon; but what is pending came
 * last, and that walk meets it last. Among 500,000 streams, 10,000 of them pending: 120 ms sorted, 3.1 s walked, 1.2 ms
 * merged.
 */
function pageOf(filters: ReadyFilters, page: Page, parameters: Parameters): string {
	const depth = () => parameters.add(page.page * page.page_size, "bigint");
	const size = parameters.add(page.page_size, "bigint");
	const offset = parameters.add((page.page - 1) * page.page_size, "bigint");
	const conditions = streamConditions(filters, parameters);
	// A handful of rows by their ids: nothing to merge.
	const few = filters.stream_ids !== undefined;
	if (filters.statuses !== undefined && !few) {
		if (filters.names !== undefined) conditions.push(`s.name = ANY(${parameters.addAll(filters.names, "text")})`);
		conditions.push(...commonConditions("t", filters, parameters), "t.status = asked.status");
		return `
			SELECT hit.* FROM unnest(${parameters.addAll(filters.statuses, "text")}) asked (status)
			CROSS JOIN LATERAL (
				SELECT t.stream_id, t.create_time, t.number
				FROM stream_states t ${needsStreams(filters) ? "JOIN streams s ON s.stream_id = t.stream_id" : ""}
				${where(conditions)}
				ORDER BY t.create_time, t.number LIMIT ${depth()}
			) hit
			ORDER BY hit.create_time, hit.number LIMIT ${size} OFFSET ${offset}`;
	}
	conditions.push(...commonConditions("s", filters, parameters));
	if (filters.names !== undefined && !few) {
		conditions.push("s.name = asked.name");
		return `
			SELECT hit.* FROM unnest(${parameters.addAll(filters.names, "text")}) asked (name)
			CROSS JOIN LATERAL (
				SELECT s.stream_id, s.create_time, s.number FROM streams s
				${where(conditions)}
				ORDER BY s.create_time, s.number LIMIT ${depth()}
			) hit
			ORDER BY hit.create_time, hit.number LIMIT ${size} OFFSET ${offset}`;
	}
	if (filters.names !== undefined) conditions.push(`s.name = ANY(${parameters.addAll(filters.names, "text")})`);
	if (filters.statuses !== undefined) {
		conditions.push(`t.status = ANY(${parameters.addAll(filters.statuses, "text")})`);
	}
	return `
		SELECT s.stream_id FROM streams s
		${filters.statuses === undefined ? "" : "JOIN stream_states t ON t.stream_id = s.stream_id"}
		${where(conditions)}
		ORDER BY s.create_time, s.number LIMIT ${size} OFFSET ${offset}`;
}
