import type postgres from "postgres";
import { eventually } from "./signals.ts";

/** Resolves when some connection to this database waits for a lock. */
export function someoneWaits(sql: postgres.Sql): Promise<void> {
	return waitForLocks(sql, 1);
}

/** Resolves when so many connections to this database wait for a lock. */
export async function waitForLocks(sql: postgres.Sql, count: number): Promise<void> {
	await eventually(async () => {
		const [row] = await sql<{ waiting: number }[]>`
			SELECT count(*)::int AS waiting FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`;
		return (row?.waiting ?? 0) >= count;
	});
}
