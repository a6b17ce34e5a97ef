import type { VideoInfo } from "../api/feedback.ts";
import type { TakenStream } from "../api/taken-stream.ts";
import type { SourceErrorKind } from "../source-errors.ts";

/** One attempt at a source, as a decoder process is told. */
export interface DecodingJob {
	data: TakenStream["data"];
	/** Milliseconds for opening and for each read. */
	timeout: number;
	/** 0: the decoder's own choice, which is one thread. */
	threads: number;
	/** Pictures a second that are looked at; 0: all of them. */
	realTimeFps: number;
	/** Pictures that may fail before an attempt at `images` counts as failed. */
	forgivenPictures: number;
	folders: string[];
	httpFiles: boolean;
	pace: "fastest" | "realtime";
	previewFps: number;
}

/** What a decoder process is told. */
export type ToDecoder =
	| { kind: "decode"; job: DecodingJob }
	/** Whether somebody watches: then pictures come at the preview's rate, else one a second. */
	| { kind: "watch"; on: boolean }
	/** The last picture has arrived; the next one may be sent. */
	| { kind: "seen" }
	| { kind: "stop" };

/** What a decoder process tells. */
export type FromDecoder =
	/** It has loaded FFmpeg of this version and waits for its job. */
	| { kind: "ready"; ffmpeg: string }
	/** It cannot load FFmpeg. */
	| { kind: "unavailable"; reason: string }
	/** It works; sent at least every second, with what is measured once there was a picture. */
	| { kind: "alive"; info: VideoInfo | null }
	/** The first picture of this attempt came through. */
	| { kind: "up"; info: VideoInfo }
	| { kind: "picture"; jpeg: Uint8Array }
	/** The source came to its end. */
	| { kind: "ended"; info: VideoInfo | null }
	| { kind: "failed"; error: SourceErrorKind; detail: string }
	/** It was told to stop, and has let go of the source. */
	| { kind: "stopped" };
