import type { LogRecord, RecordStatus } from "../../../../client/console/protocol.ts";

/** One line of the log. */
export interface LogLine {
	readonly stream_id: string;
	/** "" when it is not known, or the stream is gone. */
	readonly name: string;
	/** ms since 1970 */
	readonly time: number;
	readonly status: RecordStatus;
	readonly version: number;
	readonly error: LogRecord["error"];
}

/** As many lines as are kept; the oldest go first, and can be asked for again. */
export const MAX_LINES = 20_000;

/** A record of `GET /console/streams/logs` as a line; undefined when it lacks what a line shows. */
export function lineOf(value: {
	stream_id?: string;
	log_time?: string;
	status?: RecordStatus | "not_found";
	version?: number;
	error?: LogRecord["error"];
}): LogLine | undefined {
	const { stream_id = "", log_time = "", status, version = 0, error = null } = value;
	const time = Date.parse(log_time);
	if (stream_id === "" || Number.isNaN(time) || status === undefined || status === "not_found") return undefined;
	return { stream_id, name: "", time, status, version, error };
}

/** A record that the socket tells. */
export function lineHeard({ stream_id, name, log_time, status, version, error }: LogRecord): LogLine {
	return { stream_id, name, time: log_time, status, version, error };
}

/** What makes a line itself: no two of one stream say the same at the same millisecond. */
export function keyOf({ stream_id, time, status, version }: LogLine): string {
	return `${stream_id} ${time} ${version} ${status}`;
}

/** Puts lines into those that are there, newest first; what is in both stands once, with the name that either knows. */
export function joined(there: readonly LogLine[], more: readonly LogLine[]): readonly LogLine[] {
	const known = new Set(there.map(keyOf));
	const added = more.filter((each) => !known.has(keyOf(each)));
	if (added.length === 0) return there;
	// The sort is stable: at one time, what was there first stays first.
	return [...added, ...there].sort((a, b) => b.time - a.time).slice(0, MAX_LINES);
}

/** The lines with the names of their streams, as far as they are known. */
export function named(lines: readonly LogLine[], names: ReadonlyMap<string, string>): readonly LogLine[] {
	return lines.map((line) => (line.name === "" ? { ...line, name: names.get(line.stream_id) ?? "" } : line));
}

/** Lines as JSON, newest first. */
export function asJson(lines: readonly LogLine[]): string {
	const records = lines.map(({ time, ...line }) => ({ log_time: new Date(time).toISOString(), ...line }));
	return `${JSON.stringify(records, null, 2)}\n`;
}

/** Lines as CSV with a head, newest first; made for spreadsheets that would take a text for a formula. */
export function asCsv(lines: readonly LogLine[]): string {
	const head = ["log_time", "stream_id", "name", "status", "version", "error_code", "desc", "detail"];
	const rows = lines.map(({ time, stream_id, name, status, version, error }) => [
		new Date(time).toISOString(),
		stream_id,
		name,
		status,
		String(version),
		error === null ? "" : String(error.error_code),
		error?.desc ?? "",
		error?.detail ?? "",
	]);
	return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
	const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
