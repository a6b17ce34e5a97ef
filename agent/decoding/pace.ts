import { pause } from "../api/backoff.ts";

/** A gap in the time stamps larger than this is a new beginning, not a pause to be waited through. Milliseconds. */
const JUMP = 10_000;

/** Keeps pictures at their natural times: each waits until as much time has passed as its time stamp says. */
export class Pace {
	/** Clock minus time stamp, in milliseconds, of the picture that the others are measured by. */
	#offset: number | null = null;

	/** Resolves when the picture with this time (seconds) is due. A picture that is late moves the ones after it. */
	async due(time: number, signal: AbortSignal): Promise<void> {
		const now = performance.now();
		const ahead = this.#offset === null ? 0 : time * 1000 + this.#offset - now;
		if (this.#offset === null || ahead < -1000 || ahead > JUMP) {
			this.#offset = now - time * 1000;
			return;
		}
		if (ahead > 1) await pause(ahead, signal);
	}
}

/** Lets through at most so many a second of the pictures, by their own time stamps. */
export class Thinning {
	readonly #gap: number;
	#last: number | null = null;

	/** 0 lets all through. */
	constructor(fps: number) {
		this.#gap = fps > 0 ? 1 / fps : 0;
	}

	lets(time: number | null): boolean {
		if (this.#gap === 0 || time === null) return true;
		// A tenth of the gap forgives time stamps that are rounded.
		if (this.#last !== null && time >= this.#last && time - this.#last < this.#gap * 0.9) return false;
		this.#last = time;
		return true;
	}
}
