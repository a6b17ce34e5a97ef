import { type RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import type { Clock } from "../../actors/clock.ts";
import { Fault } from "../../persistence/fault.ts";

export interface RateOptions {
	/** Counts for all nodes, or for this one. */
	limiter: RateLimiterAbstract;
	clock: Clock;
	log: { warn(fields: object, message: string): void };
}

/** Callers that are known to be over their limit, at most; beyond it the oldest is let go. */
const MOST_BLOCKED = 50_000;
/** Callers whose requests are gathered, at most; beyond it what was gathered is forgotten. */
const MOST_GATHERED = 50_000;
/** A caller's requests are told to the limiter by this part of its limit at a time. */
const PARTS = 20;

/**
 * One limit on how often each of many callers may come. Their requests are gathered here and told to the limiter by a
 * twentieth of the limit at a time: who stays below that in a window costs a look into a map and never a question to
 * Redis, and a limit is exceeded by a twentieth for each node, and by what came before the limiter answered. Who is over it is
 * refused from memory until its window ends.
 */
export class Rate {
	readonly #options: RateOptions;
	readonly #part: number;
	readonly #gathered = new Map<string, number>();
	/** Until when, monotonic milliseconds. */
	readonly #blocked = new Map<string, number>();
	#windowEnd = 0;
	/** Requests that were refused. */
	refused = 0;

	constructor(options: RateOptions) {
		this.#options = options;
		this.#part = Math.max(1, Math.floor(options.limiter.points / PARTS));
	}

	/** Throws 39904 while the caller is over its limit. */
	check(key: string): void {
		if (this.#blocked.size === 0) return;
		const until = this.#blocked.get(key);
		if (until === undefined) return;
		const left = until - this.#options.clock.monotonic();
		if (left <= 0) {
			this.#blocked.delete(key);
			return;
		}
		this.refused++;
		throw new Fault(39904, { seconds: Math.max(1, Math.ceil(left / 1_000)) });
	}

	/** Counts one more. */
	count(key: string): void {
		const now = this.#options.clock.monotonic();
		if (now >= this.#windowEnd || this.#gathered.size >= MOST_GATHERED) {
			this.#gathered.clear();
			this.#windowEnd = now + this.#options.limiter.duration * 1_000;
		}
		const sum = (this.#gathered.get(key) ?? 0) + 1;
		if (sum < this.#part) {
			this.#gathered.set(key, sum);
			return;
		}
		this.#gathered.delete(key);
		this.#tell(key, sum);
	}

	#tell(key: string, points: number): void {
		this.#options.limiter.consume(key, points).catch((rejection: unknown) => {
			if (rejection instanceof RateLimiterRes) this.#block(key, rejection.msBeforeNext);
			// Whoever comes is let in rather than refused for what is our trouble.
			else this.#options.log.warn({ err: rejection }, "requests could not be counted");
		});
	}

	#block(key: string, milliseconds: number): void {
		const [oldest] = this.#blocked.keys();
		if (this.#blocked.size >= MOST_BLOCKED && oldest !== undefined) this.#blocked.delete(oldest);
		this.#blocked.set(key, this.#options.clock.monotonic() + milliseconds);
	}
}
