import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../actors/engine.ts";
import { Fault } from "../../persistence/fault.ts";
import { everything } from "../../persistence/scope.ts";
import type { StreamRow } from "../../persistence/stream-row.ts";
import type { Previews } from "../preview/relay.ts";
import type { ReferenceTestResult } from "../schemas/console/reference-test.ts";
import { shownError } from "./row.ts";

/** Milliseconds between two looks at the stream. */
const LOOK = 200;
/** Milliseconds that a picture is waited for when the video is known. */
const PICTURE = 4_000;

export interface WatchParts {
	engine: Pick<Engine, "get" | "preview">;
	previews: Pick<Previews, "lastFrame">;
}

type Video = ReferenceTestResult["video"];

/**
 * Waits for an agent's first signs of a stream, `wait` milliseconds at most. By looking, and not by events: any node may
 * hear of the agent, and the size of a video is no event.
 *
 * @throws the reason of `signal` when it is aborted meanwhile
 */
export async function firstSigns(
	stream_id: string,
	wait: number,
	parts: WatchParts,
	signal: AbortSignal,
): Promise<ReferenceTestResult> {
	const end = performance.now() + wait;
	for (;;) {
		signal.throwIfAborted();
		const last = performance.now() >= end;
		const row = await rowOf(stream_id, parts.engine);
		if (row === null) return result("interrupted", null);
		const video = videoOf(row);
		const now = outcomeOf(row, video, last);
		if (now === "works" && row.status === "in_progress") {
			const picture = await pictureOf(stream_id, Math.min(PICTURE, end - performance.now()), parts, signal);
			return { ...result(now, row), video, picture };
		}
		if (now !== null) return { ...result(now, row), video };
		await delay(Math.max(1, Math.min(LOOK, end - performance.now())), undefined, { signal });
	}
}

/** What the stream says of its source; null: nothing yet, and it is not the last look. */
function outcomeOf({ status, run }: StreamRow, video: Video, last: boolean): ReferenceTestResult["outcome"] | null {
	if (status === "failure") return "failed";
	if (status === "pause" || status === "cancel") return "interrupted";
	// A file may be at its end before anybody looked.
	if (status === "done" || (status === "in_progress" && video !== null)) return "works";
	if (!last) return null;
	return run === 0 ? "not_taken" : "silent";
}

function result(outcome: ReferenceTestResult["outcome"], row: StreamRow | null): ReferenceTestResult {
	return {
		outcome,
		agent_id: row?.agent_id ?? null,
		video: null,
		error: shownError(row?.last_error ?? null),
		picture: null,
	};
}

async function rowOf(stream_id: string, engine: WatchParts["engine"]): Promise<StreamRow | null> {
	try {
		return await engine.get(stream_id, null, everything);
	} catch (error) {
		if (error instanceof Fault && error.code === 39001) return null;
		throw error;
	}
}

function videoOf({ video_info }: StreamRow): Video {
	// Our own text, checked against the schema when it came in.
	const info: { width?: number | null; height?: number | null; frame_rate?: number | null } | null =
		video_info === null ? null : JSON.parse(video_info);
	const { width, height, frame_rate } = info ?? {};
	return width && height ? { width, height, frame_rate: frame_rate ?? null } : null;
}

/** The last frame that the agent offers; null when it offers none in time. */
async function pictureOf(
	stream_id: string,
	wait: number,
	{ engine, previews }: WatchParts,
	signal: AbortSignal,
): Promise<ReferenceTestResult["picture"]> {
	const end = performance.now() + wait;
	do {
		try {
			const { last_frame } = await engine.preview(stream_id, everything);
			if (last_frame !== null) {
				const { contentType, bytes } = await previews.lastFrame(stream_id, last_frame, signal);
				return { type: contentType, base64: Buffer.from(bytes).toString("base64") };
			}
		} catch (error) {
			// It has none yet, or is done meanwhile: the test has its answer without it.
			if (!(error instanceof Fault)) throw error;
		}
		await delay(LOOK, undefined, { signal });
	} while (performance.now() < end);
	return null;
}
