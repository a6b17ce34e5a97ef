import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import { timeText } from "../time-text.ts";
import { type AuditAction, type AuditFilters, type AuditRow, STREAM_ACTIONS } from "./audit-record.ts";

const frequent: ReadonlySet<AuditAction> = new Set(STREAM_ACTIONS);
const ORDER = "ORDER BY a.audit_time DESC, a.record_number DESC";

/** Records of the audit, newest first, at most `limit`. */
export async function listAudit(sql: Sql, filters: AuditFilters, limit: number): Promise<AuditRow[]> {
	const parameters = new Parameters();
	const size = parameters.add(limit, "bigint");
	const common = conditionsOf(filters, parameters);
	const walks = walksOf(filters, parameters).map(
		(own) => `(SELECT a.audit_time, a.record_number FROM audit a ${where([...common, ...own])} ${ORDER} LIMIT ${size})`,
	);
	return query<AuditRow>(
		sql,
		`WITH walks AS MATERIALIZED (${walks.join(" UNION ALL ")}),
		hits AS MATERIALIZED (SELECT a.audit_time, a.record_number FROM walks a ${ORDER} LIMIT ${size})
		SELECT a.record_number::float8 AS record_number, ${timeText("a.audit_time")} AS audit_time, a.action, a.stream_id,
			a.group_id, a.status, a.error_code, a.subject, a.name, a.role, a.token_prefix, a.address, a.request_id, a.details
		FROM hits h JOIN audit a ON a.audit_time = h.audit_time AND a.record_number = h.record_number
		${ORDER}`,
		parameters,
	);
}

function conditionsOf(filters: AuditFilters, parameters: Parameters): string[] {
	const conditions: string[] = [];
	const { stream_id, group_id, audit_time__gte, audit_time__lt, before } = filters;
	if (stream_id !== undefined) conditions.push(`a.stream_id = ${parameters.add(stream_id, "uuid")}`);
	if (group_id !== undefined) conditions.push(`a.group_id = ${parameters.add(group_id, "uuid")}`);
	if (audit_time__gte !== undefined) conditions.push(`a.audit_time >= ${parameters.addTime(audit_time__gte)}`);
	if (audit_time__lt !== undefined) conditions.push(`a.audit_time < ${parameters.addTime(audit_time__lt)}`);
	if (before !== undefined) {
		const place = `${parameters.addTime(before.audit_time)}, ${parameters.add(before.record_number, "bigint")}`;
		conditions.push(`(a.audit_time, a.record_number) < (${place})`);
	}
	return conditions;
}

/**
 * Walks back in time, each by an index in that order, that are merged: one for what an actor may be meant by, and one for
 * each action that is rare. Conditions of the partial indexes stand in the text, for the planner to see them.
 */
function walksOf({ actor, actions }: AuditFilters, parameters: Parameters): string[][] {
	const walks = actor === undefined ? [[]] : actorWalks(actor, parameters);
	if (actions === undefined) return walks;
	if (actions.some((each) => frequent.has(each))) {
		const place = parameters.addAll(actions, "text");
		return walks.map((own) => [...own, `a.action = ANY(${place})`]);
	}
	const rare = `a.action NOT IN (${STREAM_ACTIONS.map((each) => `'${each}'`).join(", ")})`;
	return [...new Set(actions)].flatMap((action) => {
		const place = parameters.add(action, "text");
		return walks.map((own) => [...own, `a.action = ${place}`, rare]);
	});
}

function actorWalks(actor: string, parameters: Parameters): string[][] {
	if (actor === "anonymous") return [["a.subject = 'anonymous'"]];
	const place = parameters.add(actor, "text");
	const known = "a.subject <> 'anonymous'";
	return [
		[`a.subject = ${place}`, known],
		[`a.name = ${place}`, `a.subject <> ${place}`, known],
	];
}
