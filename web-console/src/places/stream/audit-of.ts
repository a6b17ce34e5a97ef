import { api, mayAudit } from "../../app/console.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";
import type { AuditRecord } from "../audit/audit-records.ts";

/** As many as the timeline shows; the audit itself has the others. */
const MOST = 200;
/** Milliseconds between two looks: what changes no status is in no log. */
const EVERY = 10_000;

/**
 * What was done to a stream, newest first; null for who may not know. It is asked again when the newest record of the
 * stream's log is another, and now and then.
 */
export function useAuditOf(stream_id: string, newest: number): readonly AuditRecord[] | null {
	const may = mayAudit.value;
	const asked = useAsked(
		async (signal) => {
			if (!may) return [];
			const query = { stream_id, page_size: MOST };
			return dataOf(await api.GET("/console/audit", { params: { query }, signal })).records;
		},
		[stream_id, newest, may],
		may ? EVERY : undefined,
	);
	return may ? (asked.value.value ?? []) : null;
}
