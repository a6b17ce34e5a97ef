import type { Sql } from "../database.ts";

const ONE = "DELETE FROM sessions WHERE hash = $1::bytea";

const ALL = `
	DELETE FROM sessions WHERE subject = (
		SELECT subject FROM sessions WHERE hash = $1::bytea AND expire_time > statement_timestamp()
	)`;

/**
 * Closes the session of this hash; with `everywhere` all sessions of the same subject.
 *
 * @returns how many were closed.
 */
export async function closeSession(sql: Sql, hash: Buffer, everywhere: boolean): Promise<number> {
	const { count } = await sql.unsafe(everywhere ? ALL : ONE, [hash], { prepare: true });
	return count;
}
