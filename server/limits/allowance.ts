/** So much at once, and so much a second after that. */
export interface AllowanceBounds {
	atOnce: number;
	perSecond: number;
}

/** What somebody may still spend of an allowance that is filled up as time goes by. */
export class Allowance {
	readonly #bounds: AllowanceBounds;
	#left: number;
	#at: number;

	/** @param now milliseconds on the monotonic clock, here and below */
	constructor(bounds: AllowanceBounds, now: number) {
		this.#bounds = bounds;
		this.#left = bounds.atOnce;
		this.#at = now;
	}

	/** False when there is not so much left: then nothing is spent. */
	spend(cost: number, now: number): boolean {
		const { atOnce, perSecond } = this.#bounds;
		this.#left = Math.min(atOnce, this.#left + ((now - this.#at) / 1000) * perSecond);
		this.#at = now;
		if (this.#left < cost) return false;
		this.#left -= cost;
		return true;
	}
}
