import type { Sql } from "postgres";

/** The highest number of a log record; 0 when there is none. */
export async function newestRecord(sql: Sql): Promise<number> {
	const [row] = await sql<[{ newest: number }]>`
		SELECT coalesce(max(record_number), 0)::float8 AS newest FROM stream_logs`;
	return row.newest;
}
