/** How many of something each of many has at the same time, up to a bound for each: requests, sockets, bytes. */
export class Crowd {
	readonly #most: number;
	readonly #counts = new Map<string, number>();
	/** How many were refused. */
	refused = 0;

	/** @param most 0: any number */
	constructor(most: number) {
		this.#most = most;
	}

	/** False, and counted, when this one has as many as it may. */
	admits(key: string, amount = 1): boolean {
		if (this.#most === 0 || (this.#counts.get(key) ?? 0) + amount <= this.#most) return true;
		this.refused++;
		return false;
	}

	/** One more of this one, or so many. */
	enter(key: string, amount = 1): void {
		this.#counts.set(key, (this.#counts.get(key) ?? 0) + amount);
	}

	/** One less of one that entered, or so many. */
	leave(key: string, amount = 1): void {
		const count = this.#counts.get(key) ?? 0;
		if (count > amount) this.#counts.set(key, count - amount);
		else this.#counts.delete(key);
	}
}
