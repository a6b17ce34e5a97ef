import { Folders } from "../source/folders.ts";
import { openingOf } from "../source/opening.ts";
import { findPictures } from "../source/pictures.ts";
import { SourceError } from "../source-errors.ts";
import type { Av } from "./av.ts";
import { decodePictures } from "./image-folder.ts";
import type { DecodingJob, FromDecoder } from "./messages.ts";
import { PictureFeed } from "./picture-feed.ts";
import { PictureMaker } from "./picture-maker.ts";
import { decodeVideo } from "./video.ts";

/** Milliseconds between signs of life. */
const ALIVE = 500;

/** A job under way. */
export interface RunningJob {
	/** Where its pictures go, to be told who watches. */
	feed: PictureFeed;
	/** Resolves after its last message was sent: ended, failed, or stopped. Never rejects. */
	done: Promise<void>;
}

/** Makes one attempt at a source, and sends what comes of it. The signal stops it. */
export function decodeJob(
	av: Av,
	job: DecodingJob,
	send: (message: FromDecoder) => void,
	signal: AbortSignal,
): RunningJob {
	const maker = new PictureMaker(av, job.data);
	const feed = new PictureFeed(maker, job.previewFps, send);
	const alive = setInterval(() => send({ kind: "alive", info: feed.info() }), ALIVE);
	const done = attempt(av, job, feed, signal)
		.then(
			(info): FromDecoder => ({ kind: "ended", info }),
			(error: unknown): FromDecoder => {
				// What is no SourceError is a surprise; its text helps whoever reads the stream's error.
				const known = error instanceof SourceError ? error : new SourceError("source_failed", String(error));
				return { kind: "failed", error: known.kind, detail: known.message };
			},
		)
		.then((last) => {
			clearInterval(alive);
			maker.dispose();
			send(signal.aborted ? { kind: "stopped" } : last);
		});
	return { feed, done };
}

async function attempt(av: Av, job: DecodingJob, feed: PictureFeed, signal: AbortSignal) {
	const { type, reference } = job.data;
	const { httpFiles, timeout } = job;
	const folders = new Folders(job.folders);
	if (type === "images") return decodePictures(av, await findPictures(reference, folders), job, feed, signal);
	const opening = await openingOf(type, reference, { folders, httpFiles, timeout });
	return decodeVideo(av, opening, job, feed, signal);
}
