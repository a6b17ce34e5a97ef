/** How many of something each of many has at the same time, up to a bound for each. */
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
	admits(key: string): boolean {
		if (this.#most === 0 || (this.#counts.get(key) ?? 0) < this.#most) return true;
		this.refused++;
		return false;
	}

	/** One more of this one. */
	enter(key: string): void {
		this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
	}

	/** One less of one that entered. */
	leave(key: string): void {
		const count = this.#counts.get(key) ?? 0;
		if (count > 1) this.#counts.set(key, count - 1);
		else this.#counts.delete(key);
	}
}
