/** What one of those who share a budget holds. */
export interface Holding {
	/** Says how many bytes it holds now. False: it was let go, now or before, and holds nothing. */
	hold(bytes: number): boolean;
	/** It holds nothing any more. Safe to call again. */
	release(): void;
}

interface Share extends Holding {
	bytes: number;
	readonly letGo: () => void;
}

/**
 * The bytes that many hold together. At the bound whoever holds most is let go, and not whoever comes then: what is of a
 * usual size goes on beside others that are made to be large.
 */
export class ByteBudget {
	readonly #limit: number;
	readonly #shares = new Set<Share>();
	#used = 0;

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Bytes held now. */
	get used(): number {
		return this.#used;
	}

	/** One more that holds bytes, none at first. @param letGo ends it at the bound: what it held is to be dropped at once. */
	share(letGo: () => void): Holding {
		const share: Share = {
			bytes: 0,
			letGo,
			hold: (bytes) => {
				if (!this.#shares.has(share)) return false;
				this.#used += bytes - share.bytes;
				share.bytes = bytes;
				this.#keepBound();
				return this.#shares.has(share);
			},
			release: () => {
				if (this.#shares.delete(share)) this.#used -= share.bytes;
			},
		};
		this.#shares.add(share);
		return share;
	}

	#keepBound(): void {
		while (this.#used > this.#limit) {
			let largest: Share | null = null;
			for (const share of this.#shares) if (largest === null || share.bytes > largest.bytes) largest = share;
			if (largest === null) return;
			largest.release();
			largest.letGo();
		}
	}
}
