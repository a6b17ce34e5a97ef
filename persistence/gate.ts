import { unavailable } from "./fault.ts";

/** Milliseconds that anybody waits for a place. */
const LONGEST_WAIT = 2_000;

interface Waiter {
	enter: () => void;
	refuse: () => void;
	timer: NodeJS.Timeout;
}

/**
 * Lets so many through at a time. The others wait, and those for whom they ask take turns: who asks for much waits for
 * itself. Nobody waits without end nor in any number: after two seconds the answer is Fault 39905, and so it is, at once,
 * for the last one of whoever has most waiters when there are more than `queue` of them. So a pool that is busy is told
 * from a server that is away.
 */
export class Gate {
	readonly #part: string;
	readonly #queue: number;
	/** By their owners, in the order of whose turn is next; each in the order of arrival, and none without any. */
	readonly #waiting = new Map<string, Waiter[]>();
	#count = 0;
	#free: number;

	/**
	 * @param part what the answer calls it
	 * @param places how many are let through at a time
	 * @param queue how many may wait
	 */
	constructor(part: string, places: number, queue: number) {
		this.#part = part;
		this.#free = places;
		this.#queue = queue;
	}

	/**
	 * Does the work when its turn comes. Rejects with 39905 when it does not come.
	 * @param owner whose turn it takes; what the service does for itself is one owner
	 */
	async through<T>(work: () => Promise<T>, owner = ""): Promise<T> {
		await this.#enter(owner);
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

	#enter(owner: string): Promise<void> {
		if (this.#free > 0) {
			this.#free--;
			return Promise.resolve();
		}
		if (this.#count >= this.#queue && !this.#makeRoom(owner)) return Promise.reject(unavailable(this.#part));
		return new Promise((resolve, reject) => {
			const refuse = () => reject(unavailable(this.#part));
			const timer = setTimeout(() => {
				this.#remove(owner, waiter);
				refuse();
			}, LONGEST_WAIT);
			const waiter: Waiter = { enter: resolve, refuse, timer };
			const own = this.#waiting.get(owner);
			if (own === undefined) this.#waiting.set(owner, [waiter]);
			else own.push(waiter);
			this.#count++;
		});
	}

	/** Refuses the last one of whoever has most that wait. False when nobody has more of them than this owner would have. */
	#makeRoom(owner: string): boolean {
		let most = owner;
		let size = (this.#waiting.get(owner)?.length ?? 0) + 1;
		for (const [each, { length }] of this.#waiting) {
			if (length <= size) continue;
			most = each;
			size = length;
		}
		const last = most === owner ? undefined : this.#waiting.get(most)?.at(-1);
		if (last === undefined) return false;
		this.#remove(most, last);
		clearTimeout(last.timer);
		last.refuse();
		return true;
	}

	#leave(): void {
		const [next] = this.#waiting;
		const waiter = next?.[1][0];
		if (next === undefined || waiter === undefined) {
			this.#free++;
			return;
		}
		const [owner, own] = next;
		// Its next turn comes after those of all others.
		this.#waiting.delete(owner);
		this.#waiting.set(owner, own);
		this.#remove(owner, waiter);
		clearTimeout(waiter.timer);
		waiter.enter();
	}

	#remove(owner: string, waiter: Waiter): void {
		const own = this.#waiting.get(owner) ?? [];
		// Nearly always the first, or the last of one who has too many.
		const at = own.at(-1) === waiter ? own.length - 1 : own.indexOf(waiter);
		if (at < 0) return;
		own.splice(at, 1);
		this.#count--;
		if (own.length === 0) this.#waiting.delete(owner);
	}
}
