import type { Sql } from "postgres";
import type { AuditEntry } from "./audit-record.ts";

const TEXT = `
	INSERT INTO audit (audit_time, action, stream_id, group_id, status, error_code, subject, name, role, token_prefix,
		address, request_id, details)
	SELECT date_trunc('milliseconds', statement_timestamp()), e.action, e.stream_id, e.group_id, e.status, e.error_code,
		e.subject, e.name, e.role, e.token_prefix, e.address, e.request_id, e.details
	FROM json_to_recordset($1::text::json) AS e(action text, stream_id uuid, group_id uuid, status smallint,
		error_code integer, subject text, name text, role text, token_prefix text, address text, request_id text,
		details json)`;

/** Keeps records of the audit, in their order, by one statement. */
export async function appendAudit(sql: Sql, entries: readonly AuditEntry[]): Promise<void> {
	await sql.unsafe(TEXT, [JSON.stringify(entries)], { prepare: true });
}
