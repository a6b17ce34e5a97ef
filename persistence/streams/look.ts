import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { QueueFilters, StreamRow } from "../stream-row.ts";
import { pendingStreams } from "./queue-filter.ts";
import { type RawStreamRow, streamSelect, toStreamRow } from "./select.ts";

/**
 * The first `limit` pending streams that match, oldest first by (create_time, number), taking nothing; contract, section
 * 5. Streams that are held back after many lost handlers are pending and among them.
 */
export async function lookQueue(sql: Sql, filters: QueueFilters, limit: number): Promise<StreamRow[]> {
	const parameters = new Parameters();
	const { from, conditions } = await pendingStreams(sql, filters, parameters);
	const rows = await query<RawStreamRow>(
		sql,
		`WITH hits AS MATERIALIZED (
			SELECT t.stream_id FROM ${from} ${where(conditions)}
			ORDER BY t.create_time, t.number LIMIT ${parameters.add(limit, "bigint")}
		)
		SELECT ${streamSelect}
		FROM hits JOIN streams s ON s.stream_id = hits.stream_id JOIN stream_states t ON t.stream_id = hits.stream_id
		ORDER BY s.create_time, s.number`,
		parameters,
	);
	return rows.map(toStreamRow);
}
