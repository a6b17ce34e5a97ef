import type { Sql } from "../database.ts";

const TEXT = `
	DELETE FROM sessions WHERE hash IN (
		SELECT hash FROM sessions WHERE expire_time <= statement_timestamp() LIMIT 1000
	)`;

/** Removes up to 1,000 sessions that are over. Answers how many it were. */
export async function expireSessions(sql: Sql): Promise<number> {
	const { count } = await sql.unsafe(TEXT, [], { prepare: true });
	return count;
}
