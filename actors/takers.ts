/** Those who take from the queue in one way, bounded in number and in what their filters hold. */
export class Takers<T extends { readonly bytes: number }> {
	readonly #all = new Set<T>();
	readonly #most: number;
	readonly #mostBytes: number;
	#bytes = 0;

	/** @param mostBytes that the filters of all may take together; see `filtersBytes` */
	constructor(most: number, mostBytes: number) {
		this.#most = most;
		this.#mostBytes = mostBytes;
	}

	get size(): number {
		return this.#all.size;
	}

	/**
	 * Whether there is room for one more whose filters take so many bytes. Filters that nobody else's stand beside have room
	 * always: they came in a body, whose size is bounded.
	 */
	admits(bytes: number): boolean {
		if (this.#all.size >= this.#most) return false;
		return bytes === 0 || this.#bytes === 0 || this.#bytes + bytes <= this.#mostBytes;
	}

	has(one: T): boolean {
		return this.#all.has(one);
	}

	add(one: T): void {
		this.#all.add(one);
		this.#bytes += one.bytes;
	}

	delete(one: T): void {
		if (this.#all.delete(one)) this.#bytes -= one.bytes;
	}

	/** In the order of their coming. */
	[Symbol.iterator](): Iterator<T> {
		return this.#all.values();
	}
}
