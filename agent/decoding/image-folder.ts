import type { Frame, Packet } from "node-av/lib";
import type { VideoInfo } from "../api/feedback.ts";
import { pictureOpening } from "../source/picture-format.ts";
import { SourceError } from "../source-errors.ts";
import type { Av } from "./av.ts";
import { Input } from "./input.ts";
import { Measurements } from "./measurements.ts";
import type { DecodingJob } from "./messages.ts";
import { Pace } from "./pace.ts";
import type { PictureFeed } from "./picture-feed.ts";

/**
 * Decodes pictures one after the other; progress counts them. One that cannot be decoded is left out, and more such
 * than the job forgives fail the source. Answers the last measurements. Throws SourceError.
 */
export async function decodePictures(
	av: Av,
	paths: readonly string[],
	job: DecodingJob,
	feed: PictureFeed,
	signal: AbortSignal,
): Promise<VideoInfo | null> {
	const declared = { frameRate: 0, bitRate: 0, duration: 0, start: 0, live: false };
	const measurements = new Measurements(declared, new Date().toISOString());
	feed.measured(measurements);
	const packet = new av.Packet();
	packet.alloc();
	const frame = new av.Frame();
	frame.alloc();
	const pace = job.realTimeFps > 0 ? new Pace() : null;
	let broken = 0;
	try {
		for (const [index, path] of paths.entries()) {
			if (signal.aborted) return null;
			await pace?.due(index / job.realTimeFps, signal);
			const error = await decodePicture(av, path, job, packet, frame, signal);
			measurements.progressed((index + 1) / paths.length);
			if (error === null) {
				measurements.frame(frame.width, frame.height, null);
				await feed.offer(frame);
			} else if (++broken > job.forgivenPictures || broken === paths.length) {
				throw error;
			}
			frame.unref();
		}
		return measurements.info(true);
	} finally {
		packet.free();
		frame.free();
	}
}

/** Fills the frame, or answers why not. */
async function decodePicture(
	av: Av,
	path: string,
	job: DecodingJob,
	packet: Packet,
	frame: Frame,
	signal: AbortSignal,
): Promise<SourceError | null> {
	let input: Input | null = null;
	try {
		input = await Input.open(av, await pictureOpening(path), job.timeout, signal);
		const decoder = await input.decoder(1);
		try {
			if (await input.read(packet)) await decoder.sendPacket(packet);
			packet.unref();
			await decoder.sendPacket(null);
			const code = await decoder.receiveFrame(frame);
			return code < 0
				? new SourceError("decode_failed", `'${path}' is no picture: ${av.FFmpegError.strerror(code)}`)
				: null;
		} finally {
			decoder.freeContext();
		}
	} catch (error) {
		// One picture's failure is the caller's to judge; anything else is a fault of ours.
		if (error instanceof SourceError) return error;
		throw error;
	} finally {
		await input?.close();
	}
}
