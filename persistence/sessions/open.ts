import type { Sql } from "../database.ts";
import type { Scope } from "../scope.ts";
import type { TokenRole } from "../tokens/token-row.ts";

/** A session to be kept. */
export interface SessionToKeep extends Scope {
	/** SHA-256 of its secret. */
	hash: Buffer;
	subject: string;
	/** The token that it was opened with; null: it was a JWT, and name, role and scope are kept with the session. */
	token_id: string | null;
	name: string;
	role: TokenRole;
	/** Seconds. */
	lifetime: number;
}

/** Sessions of one subject: with one more the oldest ends. */
const MOST = 100;

const TEXT = `
	WITH oldest AS (
		DELETE FROM sessions WHERE hash IN (
			SELECT hash FROM sessions WHERE subject = $2::text ORDER BY create_time DESC OFFSET ${MOST - 1}
		)
	)
	INSERT INTO sessions (hash, subject, token_id, name, role, accounts, groups, create_time, expire_time)
	VALUES ($1::bytea, $2::text, $3::uuid, $4::text, $5::text, $6::uuid[], $7::text[], statement_timestamp(),
		statement_timestamp() + make_interval(secs => $8::float8))`;

/** Keeps a session; of the same subject's the oldest ends when there are too many. */
export async function openSession(sql: Sql, session: SessionToKeep): Promise<void> {
	const { hash, subject, token_id, lifetime, accounts, groups } = session;
	const own = token_id === null ? session : { name: null, role: null };
	const scope =
		token_id === null
			? { accounts: accounts && [...accounts], groups: groups && [...groups] }
			: { accounts: null, groups: null };
	await sql.unsafe(TEXT, [hash, subject, token_id, own.name, own.role, scope.accounts, scope.groups, lifetime], {
		prepare: true,
	});
}
