import type { Healthcheck } from "../api/taken-stream.ts";

/**
 * Counts the errors of a source (contract, section 3, policies.healthcheck): it may have `max_error_count` of them
 * within `period` seconds; the next one fails it. With 0 the first one does.
 */
export class Health {
	readonly #policy: Healthcheck;
	/** Times of the errors that still count, in milliseconds; never more than are forgiven, and one. */
	readonly #errors: number[] = [];

	constructor(policy: Healthcheck) {
		this.#policy = policy;
	}

	/** Notes an error at this time (milliseconds, monotonic) and answers whether it was one too many. */
	failedBy(now: number): boolean {
		const { max_error_count, period } = this.#policy;
		while (this.#errors[0] !== undefined && now - this.#errors[0] >= period * 1000) this.#errors.shift();
		this.#errors.push(now);
		return this.#errors.length > Math.min(max_error_count, COUNTED);
	}

	/** Errors that count at present. */
	get count(): number {
		return this.#errors.length;
	}
}

/** More errors than this within one period are not told apart. */
const COUNTED = 100_000;
