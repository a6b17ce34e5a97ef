/** Somebody who waits for a turn. */
export interface InTurn {
	/** Those of one key can have their turn together. */
	readonly key: string;
	/** How much of a turn it wants. */
	readonly limit: number;
}

/** Who waits for a turn: keys by turns, and those of one key in the order of their coming. */
export class Turns<T extends InTurn> {
	readonly #byKey = new Map<string, Set<T>>();

	add(one: T): void {
		const same = this.#byKey.get(one.key);
		if (same) same.add(one);
		else this.#byKey.set(one.key, new Set([one]));
	}

	has(one: T): boolean {
		return this.#byKey.get(one.key)?.has(one) ?? false;
	}

	delete(one: T): void {
		const same = this.#byKey.get(one.key);
		if (same?.delete(one) && same.size === 0) this.#byKey.delete(one.key);
	}

	/**
	 * Takes out those who share the next turn: of the first key that `may` have one, as many as want `most` together, and at
	 * least one. Nobody when there is none. The others of that key come after all other keys.
	 */
	next(may: (key: string) => boolean, most: number): T[] {
		for (const [key, same] of this.#byKey) {
			if (!may(key)) continue;
			const together: T[] = [];
			let wanted = 0;
			for (const one of same) {
				wanted += one.limit;
				if (together.length > 0 && wanted > most) break;
				together.push(one);
				same.delete(one);
			}
			this.#byKey.delete(key);
			if (same.size > 0) this.#byKey.set(key, same);
			return together;
		}
		return [];
	}
}
