import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../actors/clock.ts";

const MEBIBYTE = 1_048_576;
/** Bytes a second that are read of one upstream at least: 30 pictures of 500 KB are less than half of it. */
const BYTES_PER_SECOND = 32 * MEBIBYTE;
/** And so many of the largest pictures, where those may be larger than usual. */
const LARGEST_PER_SECOND = 4;
/** What a piece costs beside its bytes: one byte at a time is dearer than its byte. */
const PIECE = 1_024;
const PICTURES_PER_SECOND = 120;
/** Milliseconds of quiet that may be made up for at once. */
const BYTES_CREDIT = 250;
const PICTURES_CREDIT = 500;

/**
 * How fast one upstream is read: what it sends faster waits in its connection. A camera at 30 pictures a second never
 * waits; one that sends as fast as it can takes a share of the node and not all of it.
 */
export class Pace {
	readonly #clock: Clock;
	readonly #signal: AbortSignal;
	readonly #bytesPerSecond: number;
	/** When what was read so far is paid for; monotonic. */
	#bytesPaid = Number.NEGATIVE_INFINITY;
	#picturesPaid = Number.NEGATIVE_INFINITY;

	/** @param signal breaks off the waiting. */
	constructor(maxFrameSize: number, clock: Clock, signal: AbortSignal) {
		this.#clock = clock;
		this.#signal = signal;
		this.#bytesPerSecond = Math.max(BYTES_PER_SECOND, LARGEST_PER_SECOND * maxFrameSize);
	}

	/** Waits, if need be, after bytes of the body and the pieces that they came in. Rejects when the signal aborts. */
	async bytes(bytes: number, pieces: number): Promise<void> {
		const now = this.#clock.monotonic();
		const cost = ((bytes + pieces * PIECE) / this.#bytesPerSecond) * 1_000;
		this.#bytesPaid = Math.max(this.#bytesPaid, now - BYTES_CREDIT) + cost;
		await this.#until(this.#bytesPaid - now);
	}

	/** Waits, if need be, after a picture. Rejects when the signal aborts. */
	async picture(): Promise<void> {
		const now = this.#clock.monotonic();
		this.#picturesPaid = Math.max(this.#picturesPaid, now - PICTURES_CREDIT) + 1_000 / PICTURES_PER_SECOND;
		await this.#until(this.#picturesPaid - now);
	}

	async #until(wait: number): Promise<void> {
		if (wait > 0) await delay(wait, undefined, { signal: this.#signal });
	}
}
