import type { VideoInfo } from "../api/feedback.ts";

/** What the container says of the video; 0 where it says nothing. */
export interface Declared {
	frameRate: number;
	/** Bits a second. */
	bitRate: number;
	/** Seconds. */
	duration: number;
	/** Time stamp of the beginning, in seconds. */
	start: number;
	live: boolean;
}

/** Pictures over which the frame rate of a live source is measured. */
const WINDOW = 250;
/** Fewer pictures than this say little about a rate. */
const ENOUGH = 10;

/** Gathers what `video_info` tells. What a file declares is believed; a live source is measured. */
export class Measurements {
	readonly #declared: Declared;
	readonly #startTime: string;
	#width = 0;
	#height = 0;
	/** Time stamps of the last pictures, in seconds. */
	readonly #times: number[] = [];
	#frames = 0;
	#bytes = 0;
	#firstPacket: number | null = null;
	#lastPacket = 0;
	#sinceKey: number | null = null;
	#gop: number | null = null;
	#progress = 0;

	constructor(declared: Declared, startTime: string) {
		this.#declared = declared;
		this.#startTime = startTime;
	}

	get frames(): number {
		return this.#frames;
	}

	/** A packet of the video: bytes, and its time in seconds where it has one. */
	packet(size: number, key: boolean, time: number | null): void {
		this.#bytes += size;
		if (time !== null) {
			this.#firstPacket ??= time;
			this.#lastPacket = Math.max(this.#lastPacket, time);
		}
		if (key) {
			if (this.#sinceKey !== null) this.#gop = this.#sinceKey;
			this.#sinceKey = 0;
		}
		if (this.#sinceKey !== null) this.#sinceKey++;
	}

	/** A decoded picture. */
	frame(width: number, height: number, time: number | null): void {
		this.#frames++;
		this.#width = width;
		this.#height = height;
		if (time === null) return;
		if (time < (this.#times.at(-1) ?? time)) this.#times.length = 0; // The source's clock was set back.
		this.#times.push(time);
		if (this.#times.length > WINDOW) this.#times.shift();
		const { duration, start } = this.#declared;
		if (duration > 0) this.#progress = Math.min(1, Math.max(this.#progress, (time - start) / duration));
	}

	/** Progress where it is not a matter of time, 0..1. */
	progressed(progress: number): void {
		this.#progress = progress;
	}

	/** Null before the first picture. At the end of a file everything has been seen: progress is 1. */
	info(ended = false): VideoInfo | null {
		if (this.#frames === 0) return null;
		const { live, duration } = this.#declared;
		const info: VideoInfo = { width: this.#width, height: this.#height, start_time: this.#startTime };
		const frameRate = this.#frameRate();
		const bitRate = this.#bitRate();
		// A source with one key picture only has one group, and its length is known at the end.
		const gop = this.#gop ?? (ended ? this.#sinceKey : null);
		if (frameRate > 0) info.frame_rate = round(frameRate);
		if (bitRate > 0) info.bit_rate = Math.round(bitRate);
		if (gop !== null) info.gop_size = gop;
		if (!live) {
			if (duration > 0) info.duration = round(duration);
			info.progress = ended ? 1 : Math.round(this.#progress * 10_000) / 10_000;
		}
		return info;
	}

	#frameRate(): number {
		const { frameRate, live } = this.#declared;
		const [first, last] = [this.#times[0], this.#times.at(-1)];
		const measurable = this.#times.length >= ENOUGH && first !== undefined && last !== undefined && last > first;
		if (measurable && (live || frameRate === 0)) return (this.#times.length - 1) / (last - first);
		return frameRate;
	}

	#bitRate(): number {
		const { bitRate, live } = this.#declared;
		const seconds = this.#firstPacket === null ? 0 : this.#lastPacket - this.#firstPacket;
		if ((live || bitRate === 0) && seconds > 0.2) return (this.#bytes * 8) / seconds;
		return bitRate;
	}
}

function round(value: number): number {
	return Math.round(value * 1000) / 1000;
}
