import type { JsonText, LogRow } from "../../persistence/stream-row.ts";
import { LOG_TARGETS, type LogTarget } from "../schemas/log.ts";

const members: Readonly<Record<LogTarget, (row: LogRow) => JsonText>> = {
	stream_id: (row) => `"stream_id":"${row.stream_id}"`,
	log_time: (row) => `"log_time":"${row.log_time}"`,
	error: (row) => `"error":${row.error}`,
	status: (row) => `"status":"${row.status}"`,
	video_info: (row) => `"video_info":${row.video_info}`,
	version: (row) => `"version":${row.version}`,
	preview: (row) => `"preview":${row.preview}`,
};

/** `{"logs":[…]}` with the members that were asked for, in the order of the reference page (contract, section 9). */
export function logsJson(rows: readonly LogRow[], targets: readonly LogTarget[]): JsonText {
	const asked = LOG_TARGETS.filter((each) => targets.includes(each)).map((each) => members[each]);
	const records = rows.map((row) => `{${asked.map((member) => member(row)).join(",")}}`);
	return `{"logs":[${records.join(",")}]}`;
}
