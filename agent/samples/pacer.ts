import { PICTURE } from "./scenes.ts";

const PERIOD_MS = 1000 / PICTURE.fps;
/** Behind by more than this, a pacer goes on from now instead of catching up: viewers would get a burst. */
const TOO_LATE_MS = 500;

/**
 * Calls back once per picture at the samples' rate, by the monotonic clock, so that small delays do not add up.
 * The number given to the callback rises by one each time.
 */
export class Pacer {
	readonly #onPicture: (number: number) => void;
	#timer: NodeJS.Timeout | undefined;
	#number = 0;
	#due = 0;

	constructor(onPicture: (number: number) => void) {
		this.#onPicture = onPicture;
	}

	start(): void {
		if (this.#timer !== undefined) return;
		this.#due = performance.now();
		this.#wait();
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	#wait(): void {
		this.#timer = setTimeout(() => this.#tick(), Math.max(0, this.#due - performance.now()));
	}

	#tick(): void {
		const now = performance.now();
		if (now - this.#due > TOO_LATE_MS) this.#due = now;
		this.#due += PERIOD_MS;
		this.#wait();
		this.#onPicture(this.#number++);
	}
}
