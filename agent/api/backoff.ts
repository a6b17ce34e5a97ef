/**
 * Growing pauses between attempts: doubled from `first` up to `most`, each shortened by up to half at random, so that
 * many agents that lost the same service do not come back in step. Times are milliseconds.
 */
export class Backoff {
	readonly #first: number;
	readonly #most: number;
	readonly #random: () => number;
	#next: number;

	constructor(first: number, most: number, random: () => number = Math.random) {
		this.#first = first;
		this.#most = most;
		this.#random = random;
		this.#next = first;
	}

	/** The pause before the next attempt. */
	next(): number {
		const pause = this.#next;
		this.#next = Math.min(this.#most, this.#next * 2);
		return pause * (1 - this.#random() / 2);
	}

	/** After a success: the next pause is the first one again. */
	reset(): void {
		this.#next = this.#first;
	}
}

/** Resolves after `ms`, or at once when the signal is aborted. Never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		const end = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", end);
			resolve();
		};
		const timer = setTimeout(end, Math.min(ms, 2_147_483_647));
		signal.addEventListener("abort", end, { once: true });
	});
}
