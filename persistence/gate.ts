import { unavailable } from "./fault.ts";

/** Milliseconds that anybody waits for a place. */
const LONGEST_WAIT = 2_000;

interface Waiter {
	enter: () => void;
	timer: NodeJS.Timeout;
}

/**
 * Lets so many through at a time; the others wait their turn, but neither without end nor in any number: beyond `queue`
 * waiters, or after two seconds, the answer is Fault 39905. So a pool that is busy is told from a server that is away.
 */
export class Gate {
	readonly #part: string;
	readonly #queue: number;
	readonly #waiting = new Set<Waiter>();
	#free: number;

	constructor(part: string, places: number, queue: number) {
		this.#part = part;
		this.#free = places;
		this.#queue = queue;
	}

	async through<T>(work: () => Promise<T>): Promise<T> {
		await this.#enter();
		try {
			return await work();
		} finally {
			this.#leave();
		}
	}

	/** A place for as long as nobody calls what it gives; null when none is free now. */
	tryEnter(): (() => void) | null {
		if (this.#free === 0) return null;
		this.#free--;
		return () => this.#leave();
	}

	#enter(): Promise<void> {
		if (this.#free > 0) {
			this.#free--;
			return Promise.resolve();
		}
		if (this.#waiting.size >= this.#queue) return Promise.reject(unavailable(this.#part));
		return new Promise((resolve, reject) => {
			const waiter: Waiter = {
				enter: resolve,
				timer: setTimeout(() => {
					this.#waiting.delete(waiter);
					reject(unavailable(this.#part));
				}, LONGEST_WAIT),
			};
			this.#waiting.add(waiter);
		});
	}

	#leave(): void {
		// A Set remembers the order of arrival.
		const [next] = this.#waiting;
		if (!next) {
			this.#free++;
			return;
		}
		this.#waiting.delete(next);
		clearTimeout(next.timer);
		next.enter();
	}
}
