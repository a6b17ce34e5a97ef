import type { Sql } from "postgres";

/** Records that one statement deletes. */
export const AUDIT_BATCH = 5_000;

const TEXT = `
	DELETE FROM audit a
	USING (
		SELECT audit_time, record_number FROM audit
		WHERE audit_time < statement_timestamp() - make_interval(secs => $1::float8)
		ORDER BY audit_time, record_number
		LIMIT ${AUDIT_BATCH}
	) old
	WHERE a.audit_time = old.audit_time AND a.record_number = old.record_number`;

/** Deletes up to 5,000 of the oldest records that are older than so many seconds. Answers how many it were. */
export async function expireAudit(sql: Sql, ageSeconds: number): Promise<number> {
	const { count } = await sql.unsafe(TEXT, [ageSeconds], { prepare: true });
	return count;
}
