import type { AuditAction } from "../../persistence/audit/audit-record.ts";
import type { WrittenStream } from "../../persistence/stream-row.ts";
import { hiddenUrl } from "../console/hidden.ts";

/** What giving a stream a status is called. */
export const statusActions = { pending: "resume", pause: "pause", cancel: "cancel" } as const satisfies Record<
	string,
	AuditAction
>;

/** What is told of a stream that is written: enough to know it by, its password hidden. */
export function writtenDetails({ name, reference, group_name }: WrittenStream): Record<string, string> {
	return { name, reference: hiddenUrl(reference), ...(group_name !== null && { group_name }) };
}
