import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import { timeText } from "../time-text.ts";
import { AUDIT_ACTIONS, type AuditFilters, type AuditRow } from "./audit-record.ts";

const ORDER = "ORDER BY a.audit_time DESC, a.record_number DESC";

/** Records of the audit, newest first, at most `limit`. */
export async function listAudit(sql: Sql, filters: AuditFilters, limit: number): Promise<AuditRow[]> {
	const parameters = new Parameters();
	const size = parameters.add(limit, "bigint");
	const common = conditionsOf(filters, parameters);
	const walks = walksOf(filters, parameters).map(
		(own) => `(SELECT a.audit_time, a.record_number FROM audit a ${where([...own, ...common])} ${ORDER} LIMIT ${size})`,
	);
	return query<AuditRow>(
		sql,
		// A record whose subject is also its name is met twice.
		`WITH walks AS MATERIALIZED (${walks.join(" UNION ")}),
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
 * Walks back in time, each by an index in that order, that are merged: one for each action, and for each of what an actor may be
 * meant by. What a stream or a group is known by is walked itself, and asked for the rest.
 */
function walksOf({ actor, actions, stream_id, group_id }: AuditFilters, parameters: Parameters): string[][] {
	const of = (action: string) => `a.action = ${parameters.add(action, "text")}`;
	if (stream_id !== undefined || group_id !== undefined) {
		const own = actor === undefined ? [] : [`(${meant(actor, parameters).join(" OR ")})`];
		return actions === undefined ? [own] : [...new Set(actions)].map((action) => [of(action), ...own]);
	}
	if (actor === undefined) return actions === undefined ? [[]] : [...new Set(actions)].map((action) => [of(action)]);
	const ways = meant(actor, parameters);
	return [...new Set(actions ?? AUDIT_ACTIONS)].flatMap((action) => {
		const condition = of(action);
		return ways.map((own) => [own, condition]);
	});
}

/** The condition of the partial index stands in the text, for the planner to see it. */
function meant(actor: string, parameters: Parameters): string[] {
	const place = parameters.add(actor, "text");
	return [`a.subject = ${place}`, `a.name = ${place} AND a.subject <> 'anonymous'`];
}
