import type { Scope } from "./scope.ts";

/**
 * What crosses the border between SQL and the rest: rows, as plain values.
 *
 * Definitions (data, event_handler, policies, location) and what agents report (video_info, preview, last_error) travel
 * as JSON text, written once by the schema layer and never parsed on the way: the database keeps them as `json`, the
 * answers splice them in as they are.
 */

/** JSON, serialised. */
export type JsonText = string;

/** The statuses that a stream shows (contract, section 4). */
export type StreamStatus = "pending" | "in_progress" | "done" | "pause" | "cancel" | "failure";

/** The statuses that a log record may have. */
export type RecordStatus = StreamStatus | "restart" | "handler_lost" | "deleted";

export type AutorestartStatus = "disabled" | "enabled" | "in_progress" | "failed" | "denied";

/** A stream as a client wrote it, checked and with its defaults (contract, section 3). */
export interface WrittenStream {
	account_id: string;
	name: string;
	description: string;
	/** `data.type`: the lifecycle needs to know a video file. */
	data_type: string;
	/** `data.reference`, for the exact filter. */
	reference: string;
	data: JsonText;
	event_handler: JsonText;
	policies: JsonText;
	location: JsonText;
	restart: 0 | 1;
	attempt_count: number;
	/** Seconds. */
	delay: number;
	status: "pending" | "pause";
	/** The existing group to link it to, or null. */
	group_name: string | null;
}

/** A stream as it is read: everything the API shows. Times are RFC 3339 UTC with milliseconds. */
export interface StreamRow {
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
	/** Names of its groups, in the order of the groups' creation. */
	groups: string[];
	/** Counts every committed change of the stream; telemetry does not count. */
	revision: number;
	/** Counts the takes. */
	run: number;
	/** The agent that processes it, while in progress and when it named itself. */
	agent_id: string | null;
	/** Database time of the last feedback of the present run, or null. */
	feedback_time: string | null;
	/** Database time at which a failed stream restarts by itself, or null. */
	restart_time: string | null;
}

export interface GroupRow {
	group_id: string;
	account_id: string;
	group_name: string;
	description: string;
	create_time: string;
}

export interface LogRow {
	stream_id: string;
	log_time: string;
	status: RecordStatus;
	version: number;
	error: JsonText | null;
	video_info: JsonText | null;
	preview: JsonText | null;
}

/** How far the one who asks sees; absent: everything. */
export interface Seen {
	scope?: Scope;
}

/** Filters of streams (contract, section 3): different members combine with AND, values inside one with OR. Absent: no filter. */
export interface StreamFilters extends Seen {
	account_id?: string;
	stream_ids?: string[];
	names?: string[];
	reference?: string;
	/** May hold statuses that no stream ever shows; they match nothing. */
	statuses?: string[];
	create_time__gte?: string;
	create_time__lt?: string;
	group_name?: string;
}

export interface QueueFilters extends Seen {
	stream_ids?: string[];
	names?: string[];
	group_ids?: string[];
	group_names?: string[];
}

export interface LogFilters extends Seen {
	account_id?: string;
	stream_ids?: string[];
	statuses?: string[];
	log_time__gte?: string;
	log_time__lt?: string;
}

export interface GroupFilters extends Seen {
	account_id?: string;
	group_ids?: string[];
	group_names?: string[];
}

/** A page of a list: `page` from 1, `page_size` 1..1000. */
export interface Page {
	page: number;
	page_size: number;
}
