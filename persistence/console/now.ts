import type { Sql } from "postgres";
import { milliseconds } from "./stream.ts";

/** The database's clock, ms since 1970. */
export async function databaseNow(sql: Sql): Promise<number> {
	const [row] = await sql.unsafe<[{ now: number }]>(`SELECT ${milliseconds("clock_timestamp()")} AS now`, [], {
		prepare: true,
	});
	return row.now;
}
