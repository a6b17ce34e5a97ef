import { unavailable } from "../../persistence/fault.ts";

/** Milliseconds that anybody waits for a place. */
const LONGEST_WAIT = 2_000;

export interface TurnsGateOptions {
	/** What the answer calls it. */
	part: string;
	/** How many are let through at a time. */
	places: number;
	/** How many may wait; half of them for one owner. */
	waiting: number;
}

interface Waiter {
	enter: () => void;
	timer: NodeJS.Timeout;
}

/**
 * Lets so many through at a time. The others wait, and those for whom they ask take turns: who asks for much waits for
 * itself. Beyond the bounds of those who wait, or after two seconds, the answer is Fault 39905.
 */
export class TurnsGate {
	readonly #options: TurnsGateOptions;
	/** By their owners, in the order of whose turn is next. */
	readonly #waiting = new Map<string, Set<Waiter>>();
	#count = 0;
	#free: number;

	constructor(options: TurnsGateOptions) {
		this.#options = options;
		this.#free = options.places;
	}

	/** Does the work when its turn comes. Rejects with 39905 when it does not come. */
	async through<T>(owner: string, work: () => Promise<T>): Promise<T> {
		await this.#enter(owner);
		try {
			return await work();
		} finally {
			this.#leave();
		}
	}

	#enter(owner: string): Promise<void> {
		if (this.#free > 0) {
			this.#free--;
			return Promise.resolve();
		}
		const { part, waiting } = this.#options;
		const own = this.#waiting.get(owner) ?? new Set();
		if (this.#count >= waiting || own.size >= waiting / 2) return Promise.reject(unavailable(part));
		return new Promise((resolve, reject) => {
			const waiter: Waiter = {
				enter: resolve,
				timer: setTimeout(() => {
					this.#remove(owner, own, waiter);
					reject(unavailable(part));
				}, LONGEST_WAIT),
			};
			own.add(waiter);
			this.#waiting.set(owner, own);
			this.#count++;
		});
	}

	#leave(): void {
		const [next] = this.#waiting;
		if (next === undefined) {
			this.#free++;
			return;
		}
		const [owner, own] = next;
		// Its next turn comes after those of all others. A Set remembers the order of arrival.
		this.#waiting.delete(owner);
		this.#waiting.set(owner, own);
		const [waiter] = own;
		if (waiter === undefined) return;
		this.#remove(owner, own, waiter);
		clearTimeout(waiter.timer);
		waiter.enter();
	}

	#remove(owner: string, own: Set<Waiter>, waiter: Waiter): void {
		if (own.delete(waiter)) this.#count--;
		if (own.size === 0) this.#waiting.delete(owner);
	}
}
