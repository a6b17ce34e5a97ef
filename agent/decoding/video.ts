import type { CodecContext, Frame } from "node-av/lib";
import type { VideoInfo } from "../api/feedback.ts";
import type { Opening } from "../source/opening.ts";
import { SourceError } from "../source-errors.ts";
import type { Av } from "./av.ts";
import { Input } from "./input.ts";
import { Measurements } from "./measurements.ts";
import type { DecodingJob } from "./messages.ts";
import { Pace, Thinning } from "./pace.ts";
import type { PictureFeed } from "./picture-feed.ts";

/** Packets in a row that give no picture before decoding counts as failed, */
const BARREN_PACKETS = 300;
/** and for a live source, which may be joined between key pictures, so many milliseconds as well. */
const BARREN_TIME = 20_000;

/**
 * Decodes a live source or a video file to its end. Answers the last measurements, null when there was no picture.
 * Throws SourceError; ends without an error when the signal is aborted.
 */
export async function decodeVideo(
	av: Av,
	opening: Opening,
	job: DecodingJob,
	feed: PictureFeed,
	signal: AbortSignal,
): Promise<VideoInfo | null> {
	const input = await Input.open(av, opening, job.timeout, signal);
	let decoder: CodecContext | null = null;
	const packet = new av.Packet();
	packet.alloc();
	const frame = new av.Frame();
	frame.alloc();
	try {
		decoder = await input.decoder(job.threads);
		const measurements = new Measurements(input.declared(), new Date().toISOString());
		feed.measured(measurements);
		const natural = opening.pulled && (opening.live || job.pace === "realtime" || job.realTimeFps > 0);
		const run = new VideoRun(av, input, decoder, measurements, feed, natural, job.realTimeFps, signal);
		for (let more = true; more && !signal.aborted; ) {
			more = await input.read(packet);
			if (more) {
				measurements.packet(packet.size, packet.isKeyframe, input.seconds(packet.dts) ?? input.seconds(packet.pts));
				await run.decode(await decoder.sendPacket(packet), frame, opening);
				packet.unref();
			} else {
				// What the decoder still holds.
				await run.decode(await decoder.sendPacket(null), frame, opening);
			}
		}
		if (measurements.frames === 0 && !signal.aborted)
			throw run.packets > 0
				? new SourceError("decode_failed", `none of ${run.packets} packets gave a picture`)
				: new SourceError("ended", `'${opening.url}' ended without a picture`);
		return measurements.info(true);
	} finally {
		packet.free();
		frame.free();
		decoder?.freeContext();
		await input.close();
	}
}

/** The state of one decoding, from packet to picture. */
class VideoRun {
	readonly #av: Av;
	readonly #input: Input;
	readonly #decoder: CodecContext;
	readonly #measurements: Measurements;
	readonly #feed: PictureFeed;
	readonly #pace: Pace | null;
	readonly #thinning: Thinning;
	readonly #signal: AbortSignal;
	/** Packets since the last picture, and when that was. */
	#barren = 0;
	#lastFrame = performance.now();
	packets = 0;

	constructor(
		av: Av,
		input: Input,
		decoder: CodecContext,
		measurements: Measurements,
		feed: PictureFeed,
		natural: boolean,
		fps: number,
		signal: AbortSignal,
	) {
		this.#av = av;
		this.#input = input;
		this.#decoder = decoder;
		this.#measurements = measurements;
		this.#feed = feed;
		this.#pace = natural ? new Pace() : null;
		this.#thinning = new Thinning(fps);
		this.#signal = signal;
	}

	/** Takes the pictures that a packet gave; `sent` is how the decoder took the packet. Throws SourceError. */
	async decode(sent: number, frame: Frame, { live }: Opening): Promise<void> {
		this.packets++;
		this.#barren++;
		if (sent >= 0)
			while (!this.#signal.aborted && (await this.#decoder.receiveFrame(frame)) >= 0) await this.#take(frame);
		const patient = live && performance.now() - this.#lastFrame < BARREN_TIME;
		if (this.#barren > BARREN_PACKETS && !patient)
			throw new SourceError(
				"decode_failed",
				`${this.#barren} packets in a row gave no picture: ${this.#av.FFmpegError.strerror(sent)}`,
			);
	}

	async #take(frame: Frame): Promise<void> {
		this.#barren = 0;
		this.#lastFrame = performance.now();
		const time = this.#input.seconds(frame.bestEffortTimestamp);
		if (this.#pace !== null && time !== null) await this.#pace.due(time, this.#signal);
		this.#measurements.frame(frame.width, frame.height, time);
		if (this.#thinning.lets(time)) await this.#feed.offer(frame);
		frame.unref();
	}
}
