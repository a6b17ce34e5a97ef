import type { Sql } from "../database.ts";

const TEXT = `
	WITH revoked AS (
		UPDATE tokens SET revoke_time = coalesce(revoke_time, date_trunc('milliseconds', statement_timestamp()))
		WHERE token_id = $1::uuid
		RETURNING token_id, name
	), closed AS (
		DELETE FROM sessions s USING revoked r WHERE s.token_id = r.token_id
	)
	SELECT name FROM revoked`;

/**
 * Revokes a token, and closes the sessions that were opened with it; one that is revoked stays so.
 *
 * @returns its name; null when there is no such token.
 */
export async function revokeToken(sql: Sql, token_id: string): Promise<string | null> {
	const [row] = await sql.unsafe<{ name: string }[]>(TEXT, [token_id], { prepare: true });
	return row?.name ?? null;
}
