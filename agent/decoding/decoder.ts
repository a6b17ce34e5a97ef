import { setPriority } from "node:os";
import { loadAv } from "./av.ts";
import { decodeJob, type RunningJob } from "./decode-job.ts";
import type { FromDecoder, ToDecoder } from "./messages.ts";

/*
 * The decoder process: one attempt at one source. It holds nothing worth saving, so it may be ended at any moment, and
 * whatever a broken source does to FFmpeg happens to this process only. It never ends by itself: the agent kills it
 * when it has heard the last of it.
 */

const LIVE: ReadonlySet<string> = new Set(["tcp", "udp"]);
const NICE = 5;

const stop = new AbortController();
let job: RunningJob | null = null;
let watched = false;

function send(message: FromDecoder): void {
	// Without a parent there is nobody to tell; the disconnect ends this process.
	if (process.connected) process.send?.(message);
}

// The agent decides when its decoders end; a terminal's Ctrl-C reaches all of them.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
// A native call that hangs would keep a plain exit waiting.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

const loading = loadAv();
loading.then(
	(av) => send({ kind: "ready", ffmpeg: av.getFFmpegInfo().version }),
	(error: unknown) => send({ kind: "unavailable", reason: error instanceof Error ? error.message : String(error) }),
);
process.on("message", (message: ToDecoder) => {
	switch (message.kind) {
		case "decode":
			loading.then(
				(av) => {
					// Files can wait, live sources cannot: what decodes as fast as it can stands back behind those.
					if (!LIVE.has(message.job.data.type)) setPriority(NICE);
					job = decodeJob(av, message.job, send, stop.signal);
					job.feed.watch(watched);
				},
				// The agent has been told why.
				() => undefined,
			);
			break;
		case "watch":
			watched = message.on;
			job?.feed.watch(watched);
			break;
		case "seen":
			job?.feed.seen();
			break;
		case "stop":
			stop.abort();
			break;
	}
});
