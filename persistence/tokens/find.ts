import type { Sql } from "../database.ts";
import type { Found } from "./token-row.ts";

const TEXT = `
	SELECT t.token_id, 'token ' || t.token_id AS subject, t.prefix, t.name, t.role, t.accounts, t.groups,
		extract(epoch FROM t.expire_time - statement_timestamp())::float8 AS expires_in,
		t.revoke_time IS NOT NULL AS revoked
	FROM tokens t WHERE t.hash = $1::bytea`;

/** The token of this SHA-256 hash, be it good or not; null when there never was one. */
export async function findToken(sql: Sql, hash: Buffer): Promise<Found | null> {
	const [row] = await sql.unsafe<Found[]>(TEXT, [hash], { prepare: true });
	return row ?? null;
}
