import type { StreamError } from "../source-errors.ts";
import { members } from "./taken-stream.ts";

/** Measured of a source (contract, section 3). Absent: not known, or without meaning for this kind of source. */
export interface VideoInfo {
	/** Pixels of the source's own pictures, before rotation and cropping. */
	width: number;
	height: number;
	/** Pictures a second. */
	frame_rate?: number;
	/** Bits a second of the video alone. */
	bit_rate?: number;
	/** Pictures from one key picture to the next. */
	gop_size?: number;
	/** RFC 3339: when the agent got the first picture of this run. */
	start_time: string;
	/** Seconds; files only. */
	duration?: number;
	/** 0..1; files and pictures only. */
	progress?: number;
}

/** One stream's part of a feedback request. */
export interface FeedbackItem {
	stream_id: string;
	version: number;
	status: "in_progress" | "done" | "failure" | "handler_lost";
	error?: StreamError | null;
	video_info?: VideoInfo;
	preview?: { live: { url: string }; last_frame: { url: string } };
}

/** What the service says of a stream after feedback. */
export interface FeedbackState {
	stream_id: string;
	status: string;
	version: number;
	/** Whether it stood under `modified`. */
	modified: boolean;
}

/** Reads the answer to feedback; what cannot be read is left out. */
export function readFeedbackAnswer(answer: unknown): FeedbackState[] {
	const streams = members(members(answer)["streams"]);
	return [...states(streams["modified"], true), ...states(streams["unmodified"], false)];
}

function states(list: unknown, modified: boolean): FeedbackState[] {
	if (!Array.isArray(list)) return [];
	return list.flatMap((one: unknown) => {
		const { stream_id, status, version } = members(one);
		if (typeof stream_id !== "string" || typeof status !== "string" || typeof version !== "number") return [];
		return [{ stream_id, status, version, modified }];
	});
}
