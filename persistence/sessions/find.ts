import type { Sql } from "../database.ts";
import type { Found } from "../tokens/token-row.ts";

const TEXT = `
	SELECT s.token_id, s.subject, t.prefix, coalesce(t.name, s.name) AS name, coalesce(t.role, s.role) AS role,
		CASE WHEN s.token_id IS NULL THEN s.accounts ELSE t.accounts END AS accounts,
		CASE WHEN s.token_id IS NULL THEN s.groups ELSE t.groups END AS groups,
		extract(epoch FROM least(s.expire_time, t.expire_time) - statement_timestamp())::float8 AS expires_in,
		t.revoke_time IS NOT NULL AS revoked
	FROM sessions s LEFT JOIN tokens t ON t.token_id = s.token_id
	WHERE s.hash = $1::bytea AND (s.token_id IS NULL OR t.token_id IS NOT NULL)`;

/** The session of this SHA-256 hash, be it over or not; null when there is none. */
export async function findSession(sql: Sql, hash: Buffer): Promise<Found | null> {
	const [row] = await sql.unsafe<Found[]>(TEXT, [hash], { prepare: true });
	return row ?? null;
}
