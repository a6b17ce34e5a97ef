import type { AuditPlace, AuditRow } from "../../persistence/audit/audit-record.ts";
import { Fault } from "../../persistence/fault.ts";
import type { Audit } from "../audit/audit.ts";
import { queryCheck } from "../http/query.ts";
import { type Route, route } from "../http/route.ts";
import { auditPage, auditQuery } from "../schemas/audit.ts";
import { inUtc, isTime } from "../schemas/time.ts";

/** `/console/audit`: who did what, for administrators. */
export function auditRoutes(audit: Pick<Audit, "list">): Route[] {
	return [
		route({
			method: "GET",
			pattern: "/console/audit",
			access: "administer",
			tag: "audit",
			summary: "Read the audit",
			description: "Newest first. `next` of a page is `before` of the one after it; null on the last.",
			query: queryCheck(auditQuery),
			answers: [{ status: 200, description: "One page of records.", schema: auditPage }],
			faults: [12012],
			async handle({ query: { before, page_size = 100, ...filters }, owner }) {
				const asked = before === undefined ? filters : { ...filters, before: placeIn(before) };
				const rows = await audit.list(asked, page_size, owner);
				const last = rows.length < page_size ? undefined : rows.at(-1);
				const next = last === undefined ? null : `${last.audit_time}_${last.record_number}`;
				return { kind: "value", value: { records: rows.map(recordValue), next } };
			},
		}),
	];
}

/** Throws 12012. */
function placeIn(text: string): AuditPlace {
	const [audit_time = "", number] = text.split("_");
	if (!isTime(audit_time) || inUtc(audit_time) === undefined) throw new Fault(12012, { name: "before" });
	return { audit_time, record_number: Number(number) };
}

function recordValue({ error_code, ...row }: AuditRow) {
	const { record_number, audit_time, action, stream_id, group_id, status, ...rest } = row;
	const code = error_code === 0 ? null : error_code;
	return { record_number, audit_time, action, stream_id, group_id, status, error_code: code, ...rest };
}
