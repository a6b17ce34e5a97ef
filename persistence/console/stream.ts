import type { AutorestartStatus, JsonText, StreamStatus } from "../stream-row.ts";

/** A stream as the console needs it. Times are ms since 1970 by the database's clock. */
export interface ConsoleStream {
	stream_id: string;
	account_id: string;
	revision: number;
	version: number;
	status: StreamStatus;
	name: string;
	description: string;
	type: string;
	/** As it was written, credentials included: never shown so. */
	reference: string;
	groups: string[];
	/** The account of each of them. */
	group_accounts: string[];
	create_time: number;
	/** Of the present run; null when it does not run. */
	feedback_time: number | null;
	agent_id: string | null;
	progress: number | null;
	frame_rate: number | null;
	width: number | null;
	height: number | null;
	restart: 0 | 1;
	autorestart_status: AutorestartStatus;
	current_attempt: number;
	attempt_count: number;
	due_time: number | null;
	last_attempt_time: number | null;
	lost_count: number;
	takeable_time: number | null;
	error: JsonText | null;
	/** Whether its agent offers pictures of this kind now. */
	live: boolean;
	still: boolean;
}

/** Milliseconds since 1970 of a time; null stays null. */
export function milliseconds(expression: string): string {
	return `(extract(epoch FROM ${expression}) * 1000)::float8`;
}

/** A number of what the agent found out about the video. */
export function ofVideo(member: string): string {
	return `(t.video_info->>'${member}')::float8`;
}

function ofGroups(column: string): string {
	return `ARRAY(
		SELECT ${column}
		FROM stream_groups l JOIN groups g ON g.group_id = l.group_id
		WHERE l.stream_id = s.stream_id
		ORDER BY g.create_time, g.number
	)`;
}

const running = "t.status = 'in_progress'";

/** What a statement selects, with `s` for `streams` and `t` for `stream_states`, to give a `ConsoleStream`. */
export const consoleColumns = `
	s.stream_id, s.account_id, t.revision::float8 AS revision, t.version, t.status, s.name, s.description, s.data_type AS type, s.reference,
	${ofGroups("g.group_name")} AS groups, ${ofGroups("g.account_id")} AS group_accounts,
	${milliseconds("s.create_time")} AS create_time,
	CASE WHEN ${running} THEN ${milliseconds("t.feedback_time")} END AS feedback_time,
	CASE WHEN ${running} THEN t.agent_id END AS agent_id,
	${ofVideo("progress")} AS progress, ${ofVideo("frame_rate")} AS frame_rate,
	${ofVideo("width")} AS width, ${ofVideo("height")} AS height,
	t.restart, t.autorestart_status, t.current_attempt, t.attempt_count,
	${milliseconds("t.restart_time")} AS due_time, ${milliseconds("t.last_attempt_time")} AS last_attempt_time,
	t.lost_count, ${milliseconds("t.takeable_time")} AS takeable_time, t.last_error::text AS error,
	coalesce(${running} AND t.preview->'live'->>'url' IS NOT NULL, false) AS live,
	coalesce(${running} AND t.preview->'last_frame'->>'url' IS NOT NULL, false) AS still`;
