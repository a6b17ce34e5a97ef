import type postgres from "postgres";
import { eventually } from "./signals.ts";

/** Resolves when some connection to this database waits for a lock. */
export async function someoneWaits(sql: postgres.Sql): Promise<void> {
	await eventually(async () => {
		const [row] = await sql<{ waits: boolean }[]>`
			SELECT EXISTS (
				SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
			) AS waits`;
		return row?.waits === true;
	});
}
