/** How many keys all may hold together, and how many one owner. */
export interface ShareBounds {
	all: number;
	ofOwner: number;
}

/**
 * What owners hold of something that is there for all of them. A key counts once, however often and by however many it is
 * held; an owner has a share, so that nobody shuts out the others.
 */
export class Shares {
	readonly #bounds: ShareBounds;
	/** By the owner: how often it holds each key. */
	readonly #held = new Map<string, Map<string, number>>();
	/** By the key: how many owners hold it. */
	readonly #owners = new Map<string, number>();

	constructor(bounds: ShareBounds) {
		this.#bounds = bounds;
	}

	/** How many keys are held. */
	get size(): number {
		return this.#owners.size;
	}

	keys(): Iterable<string> {
		return this.#owners.keys();
	}

	/** Whether an owner may hold these as well. */
	admits(owner: string, keys: Iterable<string>): boolean {
		const held = this.#held.get(owner);
		let [own, all] = [held?.size ?? 0, this.#owners.size];
		for (const key of keys) {
			if (held?.has(key)) continue;
			own++;
			if (!this.#owners.has(key)) all++;
		}
		return own <= this.#bounds.ofOwner && all <= this.#bounds.all;
	}

	hold(owner: string, key: string): void {
		const held = this.#held.get(owner) ?? new Map<string, number>();
		this.#held.set(owner, held);
		const times = held.get(key) ?? 0;
		held.set(key, times + 1);
		if (times === 0) this.#owners.set(key, (this.#owners.get(key) ?? 0) + 1);
	}

	/** An owner holds a key once less; one that it does not hold stays as it is. */
	release(owner: string, key: string): void {
		const held = this.#held.get(owner);
		const times = held?.get(key);
		if (held === undefined || times === undefined) return;
		if (times > 1) {
			held.set(key, times - 1);
			return;
		}
		held.delete(key);
		if (held.size === 0) this.#held.delete(owner);
		const owners = (this.#owners.get(key) ?? 1) - 1;
		if (owners > 0) this.#owners.set(key, owners);
		else this.#owners.delete(key);
	}

	clear(): void {
		this.#held.clear();
		this.#owners.clear();
	}
}
