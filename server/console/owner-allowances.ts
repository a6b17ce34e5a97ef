import { LRUCache } from "lru-cache";
import { Allowance, type AllowanceBounds } from "../limits/allowance.ts";

/**
 * What all pages of one owner may say together, in the units of `messageCost`: 200 pages, as many as an address may have,
 * that come back in one moment with twenty messages each, and half as much again.
 */
const OWNER: AllowanceBounds = { atOnce: 6_000, perSecond: 400 };
/** More owners than pages that may be connected mostly. */
const MOST_OWNERS = 20_000;

/** The allowances of owners. They outlast the pages, so that whoever closes these and opens others has no new one. */
export class OwnerAllowances {
	readonly #bounds: AllowanceBounds;
	readonly #allowances: LRUCache<string, Allowance>;

	constructor(bounds = OWNER) {
		this.#bounds = bounds;
		// One of which nothing was spent for so long is full again.
		const ttl = (bounds.atOnce / bounds.perSecond) * 1_000;
		this.#allowances = new LRUCache({ max: MOST_OWNERS, ttl, updateAgeOnGet: true });
	}

	/** False when an owner has not so much left. */
	spend(owner: string, cost: number, now: number): boolean {
		let allowance = this.#allowances.get(owner);
		if (allowance === undefined) {
			allowance = new Allowance(this.#bounds, now);
			this.#allowances.set(owner, allowance);
		}
		return allowance.spend(cost, now);
	}
}
