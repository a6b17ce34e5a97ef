/**
 * A stream as this page shows it, read from an answer of `GET /1/streams`. Answers are data from outside: what is
 * missing or of another type is left out instead of believed.
 */

export const STATUSES = ["failure", "pending", "in_progress", "pause", "done", "cancel"] as const;
export type Status = (typeof STATUSES)[number];

export interface Stream {
	readonly id: string;
	readonly version: number;
	readonly name: string;
	readonly status: Status;
	readonly createTime: string;
	readonly type: string;
	readonly reference: string;
	readonly groups: readonly string[];
	readonly lastError: { readonly code: number; readonly desc: string; readonly detail: string } | undefined;
	readonly video: Video;
	readonly preview: { readonly lastFrame: boolean; readonly live: boolean };
	readonly autorestart: Autorestart | undefined;
}

export interface Video {
	readonly width: number | undefined;
	readonly height: number | undefined;
	readonly fps: number | undefined;
	/** 0..1 */
	readonly progress: number | undefined;
}

export interface Autorestart {
	readonly status: string;
	readonly attempts: number;
	readonly current: number;
}

/** @returns undefined when the value cannot be shown as a stream at all */
export function readStream(value: unknown): Stream | undefined {
	const stream = record(value);
	const id = text(stream["stream_id"]);
	const status = STATUSES.find((known) => known === stream["status"]);
	if (id === "" || status === undefined) return undefined;
	const data = record(stream["data"]);
	const video = record(stream["video_info"]);
	const preview = record(stream["preview"]);
	return {
		id,
		version: number(stream["version"]) ?? 0,
		name: text(stream["name"]),
		status,
		createTime: text(stream["create_time"]),
		type: text(data["type"]),
		reference: text(data["reference"]),
		groups: list(stream["groups"]).map(text),
		lastError: readError(stream["last_error"]),
		video: {
			width: number(video["width"]),
			height: number(video["height"]),
			fps: number(video["frame_rate"]),
			progress: number(video["progress"]),
		},
		preview: {
			lastFrame: text(record(preview["last_frame"])["url"]) !== "",
			live: text(record(preview["live"])["url"]) !== "",
		},
		autorestart: readAutorestart(stream["autorestart"]),
	};
}

/** The streams of a list's answer; those that cannot be shown are passed over. */
export function readStreams(body: unknown): Stream[] {
	return list(record(body)["streams"])
		.map(readStream)
		.filter((stream) => stream !== undefined);
}

/** @returns undefined when the answer holds no count */
export function readCount(body: unknown): number | undefined {
	return number(record(body)["streams_count"]);
}

function readError(value: unknown): Stream["lastError"] {
	const error = record(value);
	const code = number(error["error_code"]);
	return code === undefined ? undefined : { code, desc: text(error["desc"]), detail: text(error["detail"]) };
}

function readAutorestart(value: unknown): Autorestart | undefined {
	const autorestart = record(value);
	if (autorestart["restart"] !== 1) return undefined;
	return {
		status: text(autorestart["status"]),
		attempts: number(autorestart["attempt_count"]) ?? 0,
		current: number(autorestart["current_attempt"]) ?? 0,
	};
}

function record(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function number(value: unknown): number | undefined {
	return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
