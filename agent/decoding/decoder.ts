import { Folders } from "../source/folders.ts";
import { openingOf } from "../source/opening.ts";
import { findPictures } from "../source/pictures.ts";
import { SourceError } from "../source-errors.ts";
import { type Av, loadAv } from "./av.ts";
import { decodePictures } from "./image-folder.ts";
import type { DecodingJob, FromDecoder, ToDecoder } from "./messages.ts";
import { PictureFeed } from "./picture-feed.ts";
import { PictureMaker } from "./picture-maker.ts";
import { decodeVideo } from "./video.ts";

/*
 * The decoder process: one attempt at one source. It holds nothing worth saving, so it may be ended at any moment, and
 * whatever a broken source does to FFmpeg happens to this process only. It never ends by itself: the agent kills it
 * when it has heard the last of it.
 */

/** Milliseconds between signs of life. */
const ALIVE = 500;

const stop = new AbortController();
let feed: PictureFeed | null = null;

function send(message: FromDecoder): void {
	// Without a parent there is nobody to tell; the disconnect ends this process.
	if (process.connected) process.send?.(message);
}

async function decode(av: Av, job: DecodingJob): Promise<void> {
	const maker = new PictureMaker(av, job.data);
	const pictures = new PictureFeed(maker, job.previewFps, send);
	feed = pictures;
	const alive = setInterval(() => send({ kind: "alive", info: pictures.info() }), ALIVE);
	try {
		const { type, reference } = job.data;
		const folders = new Folders(job.folders);
		const info =
			type === "images"
				? await decodePictures(av, await findPictures(reference, folders), job, pictures, stop.signal)
				: await decodeVideo(
						av,
						await openingOf(type, reference, { folders, httpFiles: job.httpFiles, timeout: job.timeout }),
						job,
						pictures,
						stop.signal,
					);
		send(stop.signal.aborted ? { kind: "stopped" } : { kind: "ended", info });
	} catch (error) {
		// What is no SourceError is a surprise; its text helps whoever reads the stream's error.
		const known = error instanceof SourceError ? error : new SourceError("source_failed", String(error));
		send(stop.signal.aborted ? { kind: "stopped" } : { kind: "failed", error: known.kind, detail: known.message });
	} finally {
		clearInterval(alive);
		maker.dispose();
	}
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
			// After a load that failed the agent ends anyway; it has been told why.
			void loading.then((av) => decode(av, message.job)).catch(() => undefined);
			break;
		case "watch":
			feed?.watch(message.on);
			break;
		case "seen":
			feed?.seen();
			break;
		case "stop":
			stop.abort();
			break;
	}
});
