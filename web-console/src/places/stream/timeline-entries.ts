import type { LogRecord, RecordStatus } from "../../../../client/console/protocol.ts";
import type { AuditRecord } from "../audit/audit-records.ts";

/** A record of a stream's log, from the API or from the socket. */
export interface StreamRecord {
	/** ms since 1970 */
	readonly time: number;
	readonly status: RecordStatus;
	readonly version: number;
	readonly error: { readonly error_code: number; readonly desc: string; readonly detail: string } | null;
}

/** A record with how long it held: until the next one, or, for the newest, until now (`since`). */
export interface TimelineEntry extends StreamRecord {
	readonly key: string;
	/** Milliseconds; null for the newest, which still holds. */
	readonly held: number | null;
}

/** A line of the timeline: what the stream became, or what somebody did to it. */
export type TimelineLine =
	| { readonly kind: "record"; readonly time: number; readonly entry: TimelineEntry }
	| { readonly kind: "audit"; readonly time: number; readonly audit: AuditRecord };

/** Records of a moment that pass by: the status after them is the one that holds. */
const PASSING: ReadonlySet<RecordStatus> = new Set(["restart", "handler_lost", "deleted"]);

/** Reads a record of `GET /console/streams/logs`; undefined when it lacks what a timeline shows. */
export function recordOf(value: {
	log_time?: string;
	status?: RecordStatus | "not_found";
	version?: number;
	error?: { error_code: number; desc: string; detail: string } | null;
}): StreamRecord | undefined {
	const { log_time = "", status, version = 0, error = null } = value;
	const time = Date.parse(log_time);
	if (Number.isNaN(time) || status === undefined || status === "not_found") return undefined;
	return { time, status, version, error };
}

/** The same of a record that the socket tells. */
export function recordHeard({ log_time, status, version, error }: LogRecord): StreamRecord {
	return { time: log_time, status, version, error };
}

/**
 * Puts records into those that are there, newest first; what is in both stands once. Records of one change have one time and
 * keep the order in which they were given.
 */
export function merged(there: readonly StreamRecord[], more: readonly StreamRecord[]): StreamRecord[] {
	const known = new Set(there.map(keyOf));
	const added = more.filter((each) => !known.has(keyOf(each)));
	if (added.length === 0) return [...there];
	// The sort is stable: at one time, what was there first stays first.
	return [...added, ...there].sort((a, b) => b.time - a.time);
}

function keyOf({ time, status, version }: StreamRecord): string {
	return `${time} ${version} ${status}`;
}

/** Records, newest first, with how long each held. */
export function entriesOf(records: readonly StreamRecord[]): TimelineEntry[] {
	return records.map((record, at) => {
		const next = records[at - 1];
		return { ...record, key: keyOf(record), held: next === undefined ? null : Math.max(0, next.time - record.time) };
	});
}

/**
 * Entries with what was done to the stream between them, newest first. While there may be older entries, what was done
 * before the oldest waits for them. What was done stands above what came of it, which has the earlier time.
 */
export function linesOf(
	entries: readonly TimelineEntry[],
	audit: readonly AuditRecord[],
	more: boolean,
): readonly TimelineLine[] {
	const oldest = more ? (entries.at(-1)?.time ?? 0) : 0;
	const done = audit
		.map((each): TimelineLine => ({ kind: "audit", time: Date.parse(each.audit_time), audit: each }))
		.filter(({ time }) => time >= oldest);
	const was = entries.map((entry): TimelineLine => ({ kind: "record", time: entry.time, entry }));
	// The sort is stable: at one time, what was done comes first.
	return [...done, ...was].sort((a, b) => b.time - a.time);
}

/** Since when the newest status holds: further records of it say something new about it, and change nothing. */
export function heldSince(records: readonly StreamRecord[]): number | null {
	const end = records.findIndex(({ status }) => status !== records[0]?.status);
	return records.at(end === -1 ? -1 : end - 1)?.time ?? null;
}

/** Whether it is an event in passing, of no length. */
export function passesBy({ status }: StreamRecord): boolean {
	return PASSING.has(status);
}

/** A stretch of time in one status. */
export interface Stretch {
	readonly status: StreamRecord["status"];
	/** Of the whole, 0..1. */
	readonly from: number;
	readonly share: number;
}

/** How the time from a moment until now was spent, oldest first, as far as the records tell. */
export function stretchesOf(records: readonly StreamRecord[], from: number, now: number): Stretch[] {
	const whole = now - from;
	if (whole <= 0) return [];
	const stretches: Stretch[] = [];
	let end = now;
	for (const { time, status } of records) {
		if (end <= from) break;
		const start = Math.max(time, from);
		if (end > start && !PASSING.has(status)) {
			const after = stretches[0];
			const stretch = { status, from: (start - from) / whole, share: (end - start) / whole };
			if (after?.status === status) stretches[0] = { ...stretch, share: after.share + stretch.share };
			else stretches.unshift(stretch);
		}
		end = Math.min(end, time);
	}
	return stretches;
}
