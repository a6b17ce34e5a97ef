import { Backoff, pause } from "../api/backoff.ts";
import { type ServiceClient, ServiceRefusal, type TakeFilters } from "../api/service-client.ts";
import { describe, type Log } from "../log.ts";
import type { StreamRuns } from "../stream/stream-runs.ts";

/** An empty answer that comes sooner than this share of the wait says that the service does not wait. */
const EARLY = 0.5;

/**
 * Takes streams while there are free slots. The service is asked to hold the request until there is something; one
 * that does not know `wait` is asked again and again, with pauses that grow to two seconds.
 */
export class Taker {
	readonly #client: ServiceClient;
	readonly #runs: StreamRuns;
	readonly #filters: TakeFilters;
	readonly #log: Log;
	readonly #stop = new AbortController();
	/** Seconds; null once the service has refused the parameter. */
	#wait: number | null;
	#loop: Promise<void> | null = null;

	constructor(client: ServiceClient, runs: StreamRuns, filters: TakeFilters, wait: number, log: Log) {
		this.#client = client;
		this.#runs = runs;
		this.#filters = filters;
		this.#wait = wait > 0 ? wait : null;
		this.#log = log;
	}

	start(): void {
		this.#loop ??= this.#run(this.#stop.signal);
	}

	/** Takes nothing more. What an answer brings that had already begun is added before this resolves. */
	async stop(): Promise<void> {
		this.#stop.abort();
		await this.#loop;
	}

	async #run(signal: AbortSignal): Promise<void> {
		const away = new Backoff(500, 10_000);
		const idle = new Backoff(250, 2000);
		while (!signal.aborted) {
			const free = this.#runs.free;
			if (free === 0) {
				await this.#runs.changed(signal);
				continue;
			}
			const asked = performance.now();
			try {
				const { streams, unreadable } = await this.#client.take(this.#filters, free, this.#wait, signal);
				away.reset();
				if (unreadable > 0) this.#log.error({ unreadable }, "took streams without an id or a version");
				for (const stream of streams) this.#runs.add(stream);
				const held = this.#wait !== null && performance.now() - asked >= this.#wait * 1000 * EARLY;
				if (streams.length > 0 || held) idle.reset();
				else await pause(idle.next(), signal);
			} catch (error) {
				if (signal.aborted) return;
				// A service that checks its parameters and does not know this one.
				if (error instanceof ServiceRefusal && error.status === 400 && this.#wait !== null) {
					this.#log.warn({ err: error }, "take refused, trying without 'wait'");
					this.#wait = null;
					continue;
				}
				const retryAfter = error instanceof ServiceRefusal ? (error.retryAfter ?? 0) * 1000 : 0;
				const next = Math.max(away.next(), retryAfter);
				this.#log.warn({ err: describe(error), next_ms: Math.round(next) }, "take failed");
				await pause(next, signal);
			}
		}
	}
}
