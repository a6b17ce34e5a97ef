import { Allowance, type AllowanceBounds } from "../limits/allowance.ts";

const DAY = 86_400;

/** Refused requests that are recorded. */
const AT_ONCE: AllowanceBounds = { atOnce: 500, perSecond: 50 };
/**
 * Of callers that nobody knows, whom no revoked token stops, besides: within any day twice as many, and so many a day in the
 * long run. A record takes some 600 bytes with its indexes and is kept for a year unless set otherwise: 11 GB at most.
 */
const OF_NOBODY: AllowanceBounds = { atOnce: 50_000, perSecond: 50_000 / DAY };

/**
 * How many refusals one node records: whoever is refused must not fill the disk. Who is known has an allowance apart from those
 * who are not, so that strangers crowd nobody out of the audit.
 */
export class RefusalBound {
	readonly #known: Allowance;
	readonly #nobody: Allowance;
	readonly #nobodyInDays: Allowance;

	/** @param now milliseconds on the monotonic clock, here and below */
	constructor(now: number) {
		this.#known = new Allowance(AT_ONCE, now);
		this.#nobody = new Allowance(AT_ONCE, now);
		this.#nobodyInDays = new Allowance(OF_NOBODY, now);
	}

	/** False when one more must not be recorded. `subject` is that of its record. */
	admits(subject: string, now: number): boolean {
		if (subject !== "") return this.#known.spend(1, now);
		return this.#nobody.spend(1, now) && this.#nobodyInDays.spend(1, now);
	}
}
