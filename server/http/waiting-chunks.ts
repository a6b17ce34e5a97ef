/** What clients of live answers that do not read may keep waiting, together. */
const MOST_WAITING = 128 * 1_048_576;

/** Who keeps chunks waiting. */
export interface Keeper {
	/** Its client is let go: it keeps nothing any more. */
	letGo(): void;
}

/**
 * The chunks that wait for clients of this node. One that waits for many is the same memory for all of them, and counts
 * once. At the bound those go whose clients have read nothing for longest.
 */
export class WaitingChunks {
	readonly #most: number;
	readonly #chunks = new Map<Uint8Array, number>();
	/** Those who keep any, in the order in which they fell behind. */
	readonly #keepers = new Set<Keeper>();
	#bytes = 0;

	constructor(most = MOST_WAITING) {
		this.#most = most;
	}

	/** Bytes that wait now. */
	get bytes(): number {
		return this.#bytes;
	}

	/** One more waits for this keeper. At the bound keepers are let go, and this may be one of them. */
	keep(chunk: Uint8Array, keeper: Keeper): void {
		const count = this.#chunks.get(chunk) ?? 0;
		if (count === 0) this.#bytes += chunk.byteLength;
		this.#chunks.set(chunk, count + 1);
		this.#keepers.add(keeper);
		for (const each of this.#keepers) {
			if (this.#bytes <= this.#most) return;
			each.letGo();
		}
	}

	/** All that waited for this keeper. */
	release(chunks: readonly Uint8Array[], keeper: Keeper): void {
		this.#keepers.delete(keeper);
		for (const chunk of chunks) {
			const count = this.#chunks.get(chunk) ?? 0;
			if (count > 1) this.#chunks.set(chunk, count - 1);
			else if (this.#chunks.delete(chunk)) this.#bytes -= chunk.byteLength;
		}
	}
}
