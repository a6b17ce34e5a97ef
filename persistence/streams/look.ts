import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query, queryMerged } from "../query.ts";
import type { QueueFilters, StreamRow } from "../stream-row.ts";
import { pendingStreams } from "./queue-filter.ts";
import { type RawStreamRow, streamSelect, toStreamRow } from "./select.ts";

/**
 * The first `limit` pending streams that match, oldest first by (create_time, number), taking nothing; contract, section
 * 5. Streams that are held back after many lost handlers are pending and among them.
 */
export async function lookQueue(sql: Sql, filters: QueueFilters, limit: number): Promise<StreamRow[]> {
	const parameters = new Parameters();
	const { from, conditions, merged } = await pendingStreams(sql, filters, parameters);
	const hits = `SELECT t.stream_id FROM ${from} ${where(conditions)}
		ORDER BY t.create_time, t.number LIMIT ${parameters.add(limit, "bigint")}`;
	if (!merged) return (await query<RawStreamRow>(sql, rowsOf(hits), parameters)).map(toStreamRow);
	const found = await queryMerged<{ stream_id: string }>(sql, hits, parameters);
	const ids = found.map((row) => row.stream_id);
	const rows = await sql.unsafe<RawStreamRow[]>(rowsOf("SELECT unnest($1::uuid[]) AS stream_id"), [ids]);
	return rows.map(toStreamRow);
}

/** The statement that reads the rows of some streams. */
function rowsOf(ids: string): string {
	return `WITH hits AS MATERIALIZED (${ids})
		SELECT ${streamSelect}
		FROM hits JOIN streams s ON s.stream_id = hits.stream_id JOIN stream_states t ON t.stream_id = hits.stream_id
		ORDER BY s.create_time, s.number`;
}
