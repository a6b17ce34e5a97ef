import { batch } from "@preact/signals";

/** Calls back before the browser draws next; the default of the page is `requestAnimationFrame`. */
export type NextFrame = (callback: () => void) => void;

/**
 * Gathers changes and applies them together once a frame, the newest of each key. While nobody looks the browser draws no frames, and
 * there is one change per key, however long that is.
 */
export class Frames<K, V> {
	readonly #nextFrame: NextFrame;
	readonly #apply: (changes: ReadonlyMap<K, V>) => void;
	#changes = new Map<K, V>();
	#planned = false;

	constructor(nextFrame: NextFrame, apply: (changes: ReadonlyMap<K, V>) => void) {
		this.#nextFrame = nextFrame;
		this.#apply = apply;
	}

	/** What is still to be applied of a key. */
	get(key: K): V | undefined {
		return this.#changes.get(key);
	}

	put(key: K, value: V): void {
		this.#changes.set(key, value);
		if (this.#planned) return;
		this.#planned = true;
		this.#nextFrame(() => {
			this.#planned = false;
			const changes = this.#changes;
			this.#changes = new Map();
			batch(() => this.#apply(changes));
		});
	}

	clear(): void {
		this.#changes.clear();
	}
}
