import type { AuditAction } from "../../persistence/audit/audit-record.ts";
import type { WrittenStream } from "../../persistence/stream-row.ts";
import { hiddenUrl } from "../console/hidden.ts";

/** What giving a stream a status is called. */
export const statusActions = { pending: "resume", pause: "pause", cancel: "cancel" } as const satisfies Record<
	string,
	AuditAction
>;

/** Ids and names that are told of a request about many streams. */
const TOLD = 5;

/** What a request about many streams named, whatever came of it: the first of it, and how many there were. */
export function askedDetails(...named: readonly (readonly string[])[]): Record<string, string> {
	const all = named.flat();
	const first = all.slice(0, TOLD).join(", ");
	return { asked: all.length > TOLD ? `${first} and ${all.length - TOLD} more` : first };
}

/** What is told of a stream that is written: enough to know it by, its password hidden. */
export function writtenDetails({ name, reference, group_name }: WrittenStream): Record<string, string> {
	return { name, reference: hiddenUrl(reference), ...(group_name !== null && { group_name }) };
}
