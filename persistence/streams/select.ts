import type { AutorestartStatus, JsonText, StreamRow, StreamStatus } from "../stream-row.ts";
import { timeText } from "../time-text.ts";

/**
 * The select list of a stream without its groups. Aliases: `s` is `streams`, `t` is `stream_states`, or anything that
 * has their columns (a CTE with RETURNING *, for instance). `json` goes out as text: nothing parses it on the way.
 */
export const streamColumns = `
	s.stream_id, s.account_id, s.name, s.description,
	s.data::text AS data, s.event_handler::text AS event_handler, s.policies::text AS policies, s.location::text AS location,
	t.restart, t.attempt_count, t.delay, t.current_attempt, ${timeText("t.last_attempt_time")} AS last_attempt_time,
	t.autorestart_status, t.version, ${timeText("s.create_time")} AS create_time, t.status,
	t.last_error::text AS last_error, t.video_info::text AS video_info, t.preview::text AS preview,
	t.revision, t.run, t.agent_id, ${timeText("t.feedback_time")} AS feedback_time,
	${timeText("t.restart_time")} AS restart_time`;

/**
 * The names of a stream's groups in the order of the groups' creation, as one more member of the select list. It reads
 * `stream_groups` and `groups` as they were when the statement began: a statement that links the stream itself must
 * give its own `groups`.
 */
export const streamGroups = `ARRAY(
		SELECT g.group_name
		FROM stream_groups l JOIN groups g ON g.group_id = l.group_id
		WHERE l.stream_id = s.stream_id
		ORDER BY g.create_time, g.number
	) AS groups`;

/** What a statement selects, with the aliases `s` and `t`, to give a `StreamRow`. */
export const streamSelect = `${streamColumns}, ${streamGroups}`;

/** A row of `streamSelect` as the driver gives it: bigints are text. It may have further members. */
export interface RawStreamRow {
	stream_id: string;
	account_id: string;
	name: string;
	description: string;
	data: JsonText;
	event_handler: JsonText;
	policies: JsonText;
	location: JsonText;
	restart: 0 | 1;
	attempt_count: number;
	delay: number;
	current_attempt: number;
	last_attempt_time: string | null;
	autorestart_status: AutorestartStatus;
	version: number;
	create_time: string;
	status: StreamStatus;
	last_error: JsonText | null;
	video_info: JsonText | null;
	preview: JsonText | null;
	revision: string;
	run: string;
	agent_id: string | null;
	feedback_time: string | null;
	restart_time: string | null;
	groups: string[];
}

/** The `StreamRow` of a row of `streamSelect`; members that a statement selects besides are left out. */
export function toStreamRow(raw: RawStreamRow): StreamRow {
	return {
		stream_id: raw.stream_id,
		account_id: raw.account_id,
		name: raw.name,
		description: raw.description,
		data: raw.data,
		event_handler: raw.event_handler,
		policies: raw.policies,
		location: raw.location,
		restart: raw.restart,
		attempt_count: raw.attempt_count,
		delay: raw.delay,
		current_attempt: raw.current_attempt,
		last_attempt_time: raw.last_attempt_time,
		autorestart_status: raw.autorestart_status,
		version: raw.version,
		create_time: raw.create_time,
		status: raw.status,
		last_error: raw.last_error,
		video_info: raw.video_info,
		preview: raw.preview,
		groups: raw.groups,
		revision: Number(raw.revision),
		run: Number(raw.run),
		agent_id: raw.agent_id,
		feedback_time: raw.feedback_time,
		restart_time: raw.restart_time,
	};
}
