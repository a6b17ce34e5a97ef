import { constants as os } from "node:os";
import type { CodecContext, FormatContext, Packet, Stream } from "node-av/lib";
import type { Opening } from "../source/opening.ts";
import { SourceError } from "../source-errors.ts";
import type { Av } from "./av.ts";
import { sourceErrorOf } from "./input-errors.ts";
import type { Declared } from "./measurements.ts";

/** A picture larger than this (for instance 8192 × 8192) is refused before memory is taken for it. */
const MAX_PIXELS = 8192 * 8192;

/** Milliseconds that an operation may go on after the stop, and that closing may take; together less than a stop may. */
const PATIENCE = 300;
const GOOD_BYE = 500;

/** An opened source with its video stream. Every operation ends: by itself, after the time limit, or with the signal. */
export class Input {
	readonly #av: Av;
	readonly #context: FormatContext;
	readonly #opening: Opening;
	readonly #timeout: number;
	readonly #signal: AbortSignal;
	readonly #onAbort: () => void;
	#patience: NodeJS.Timeout | undefined;
	#video: Stream | null = null;

	private constructor(av: Av, opening: Opening, timeout: number, signal: AbortSignal) {
		this.#av = av;
		this.#opening = opening;
		this.#timeout = timeout;
		this.#signal = signal;
		this.#context = new av.FormatContext();
		this.#context.allocContext();
		// A source that flows ends the read by itself, and then a camera is told good-bye; a silent one is interrupted.
		this.#onAbort = () => {
			this.#patience = setTimeout(() => this.#context.interrupt(), PATIENCE);
		};
		signal.addEventListener("abort", this.#onAbort, { once: true });
		if (signal.aborted) this.#onAbort();
	}

	/** Throws SourceError. */
	static async open(av: Av, opening: Opening, timeout: number, signal: AbortSignal): Promise<Input> {
		const input = new Input(av, opening, timeout, signal);
		try {
			await input.#open();
			return input;
		} catch (error) {
			await input.close();
			throw error;
		}
	}

	get video(): Stream {
		if (this.#video === null) throw new Error("the input is not open");
		return this.#video;
	}

	/** Seconds of a time stamp of the video, or null where there is none. */
	seconds(timestamp: bigint): number | null {
		if (timestamp === this.#av.constants.AV_NOPTS_VALUE) return null;
		const { num, den } = this.video.timeBase;
		return (Number(timestamp) * num) / den;
	}

	/** What the container says of its video. */
	declared(): Declared {
		const { live } = this.#opening;
		const { avgFrameRate, rFrameRate, codecpar } = this.video;
		const rate = [avgFrameRate, rFrameRate].map(({ num, den }) => (den > 0 ? num / den : 0));
		const micro = (value: bigint) => (value === this.#av.constants.AV_NOPTS_VALUE ? 0 : Number(value) / 1e6);
		return {
			// Containers that do not know write absurd rates.
			frameRate: rate.find((value) => value > 0 && value <= 1000) ?? 0,
			bitRate: Number(codecpar.bitRate),
			duration: live ? 0 : Math.max(0, micro(this.#context.duration)),
			start: micro(this.#context.startTime),
			live,
		};
	}

	/** Opens a decoder for the video. Throws SourceError. */
	async decoder(threads: number): Promise<CodecContext> {
		const { codecpar, timeBase } = this.video;
		const codec = this.#av.Codec.findDecoder(codecpar.codecId);
		const name = this.#av.avGetCodecName(codecpar.codecId) ?? `number ${codecpar.codecId}`;
		if (codec === null) throw new SourceError("unsupported_codec", `no decoder for ${name}`);
		const decoder = new this.#av.CodecContext();
		decoder.allocContext3(codec);
		decoder.parametersToContext(codecpar);
		decoder.pktTimebase = timeBase;
		decoder.threadCount = Math.min(16, Math.max(1, threads));
		const options = this.#av.Dictionary.fromObject({ max_pixels: MAX_PIXELS });
		const code = await decoder.open2(codec, options);
		options.free();
		if (code >= 0) return decoder;
		decoder.freeContext();
		throw new SourceError(
			"unsupported_codec",
			`the decoder for ${name} does not open: ${this.#av.FFmpegError.strerror(code)}`,
		);
	}

	/** Reads the next packet of the video. False at the end of the source. Throws SourceError. */
	async read(packet: Packet): Promise<boolean> {
		for (;;) {
			const code = await this.#limited(() => this.#context.readFrame(packet));
			if (code === this.#av.constants.AVERROR_EOF) return false;
			if (code === -os.errno.EAGAIN) {
				await new Promise((resolve) => setTimeout(resolve, 10));
				continue;
			}
			if (code < 0) throw this.#readError(code);
			if (packet.streamIndex === this.video.index) return true;
			packet.unref();
		}
	}

	async close(): Promise<void> {
		this.#signal.removeEventListener("abort", this.#onAbort);
		clearTimeout(this.#patience);
		const limit = Math.min(this.#timeout, GOOD_BYE);
		await this.#limited(() => this.#context.closeInput().then(() => 0), limit);
	}

	async #open(): Promise<void> {
		const { url, options, live, format } = this.#opening;
		const demuxer = format === undefined ? null : this.#av.InputFormat.findInputFormat(format);
		const dictionary = this.#av.Dictionary.fromObject(options);
		const code = await this.#limited(() => this.#context.openInput(url, demuxer, dictionary));
		dictionary.free();
		// FFmpeg's answer when the format, or a protocol that the source leads to, is not among the permitted ones.
		if (code === -os.errno.EINVAL)
			throw new SourceError(live ? "unknown_format" : "forbidden_format", `'${url}' is of no permitted format`);
		if (code < 0) throw sourceErrorOf(this.#av, code, "opening", url, live);
		const found = await this.#limited(() => this.#context.findStreamInfo());
		const index = this.#context.findBestStream(this.#av.constants.AVMEDIA_TYPE_VIDEO);
		const video = this.#context.streams.find((stream) => stream.index === index);
		if (found < 0 && video === undefined) throw sourceErrorOf(this.#av, found, "reading", url, live);
		if (video === undefined) throw new SourceError("no_video", `'${url}' has no video stream`);
		this.#video = video;
		// The others need not be taken apart.
		for (const stream of this.#context.streams)
			if (stream !== video && stream.index !== index) stream.discard = this.#av.constants.AVDISCARD_ALL;
	}

	#readError(code: number): SourceError {
		const { url, live } = this.#opening;
		const error = sourceErrorOf(this.#av, code, "reading", url, live);
		return live && error.kind === "unreachable" ? new SourceError("connection_lost", error.message) : error;
	}

	async #limited(operation: () => Promise<number>, limit = this.#timeout): Promise<number> {
		const timer = setTimeout(() => this.#context.interrupt(), limit);
		try {
			return await operation();
		} finally {
			clearTimeout(timer);
		}
	}
}
