import { Backoff, pause } from "../api/backoff.ts";
import type { FeedbackItem } from "../api/feedback.ts";
import { type ServiceClient, ServiceRefusal } from "../api/service-client.ts";
import { describe, type Log } from "../log.ts";
import type { StreamRun } from "../stream/stream-run.ts";
import type { StreamRuns } from "../stream/stream-runs.ts";
import { requestParts } from "./request-parts.ts";

/** Bytes of one request; half of the service's default limit. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Milliseconds that are waited for more of what is urgent, so that streams that come up together share a request. */
const GATHER = 5;

interface Report {
	run: StreamRun;
	item: FeedbackItem;
}

/**
 * Tells the service about all streams in one request an interval, and earlier when something is urgent. One request is
 * under way at a time. While the service is away the pauses grow to ten seconds; the streams go on meanwhile.
 */
export class Reporter {
	readonly #client: ServiceClient;
	readonly #runs: StreamRuns;
	/** Milliseconds. */
	readonly #interval: number;
	readonly #log: Log;
	readonly #stop = new AbortController();
	readonly #away = new Backoff(500, 10_000);
	/** Ends the pause until the next interval; replaced with every pause. */
	#wake = new AbortController();
	#urgent = false;
	#loop: Promise<void> | null = null;

	constructor(client: ServiceClient, runs: StreamRuns, interval: number, log: Log) {
		this.#client = client;
		this.#runs = runs;
		this.#interval = interval * 1000;
		this.#log = log;
	}

	start(): void {
		this.#loop ??= this.#run(this.#stop.signal);
	}

	/** Reports at the next moment instead of at the next interval, unless the service is away. */
	hurry(): void {
		this.#urgent = true;
		this.#wake.abort();
	}

	/** Ends the regular feedback; a request under way is given up. */
	async stop(): Promise<void> {
		this.#stop.abort();
		this.#wake.abort();
		await this.#loop;
	}

	/** After `stop`: the last words of all runs, tried again until they are heard or the time (milliseconds) is over. */
	async lastWords(time: number): Promise<void> {
		const deadline = AbortSignal.timeout(time);
		const again = new Backoff(100, 500);
		while (!deadline.aborted && this.#runs.present().some((run) => run.report() !== null)) {
			try {
				await this.#round(deadline);
			} catch (error) {
				this.#log.warn({ err: describe(error) }, "last feedback failed");
				await pause(again.next(), deadline);
			}
		}
	}

	async #run(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			this.#wake = new AbortController();
			if (!this.#urgent) await pause(this.#interval, this.#wake.signal);
			if (this.#urgent) await pause(GATHER, signal);
			if (signal.aborted) return;
			this.#urgent = false;
			try {
				await this.#round(signal);
				this.#away.reset();
			} catch (error) {
				if (signal.aborted) return;
				const retryAfter = error instanceof ServiceRefusal ? (error.retryAfter ?? 0) * 1000 : 0;
				const next = Math.max(this.#away.next(), retryAfter);
				this.#log.warn({ err: describe(error), next_ms: Math.round(next) }, "feedback failed");
				await pause(next, signal);
				// Whatever was urgent is late by now.
				this.#urgent = true;
			}
		}
	}

	async #round(signal: AbortSignal): Promise<void> {
		const reports = this.#runs.present().flatMap((run) => {
			const item = run.report();
			return item === null ? [] : [{ run, item }];
		});
		for (const part of requestParts(reports, ({ item }) => item, MAX_BYTES)) await this.#send(part, signal);
	}

	/** A body that is refused is halved until the guilty item stands alone. Throws when the service cannot be asked. */
	async #send(reports: Report[], signal: AbortSignal): Promise<void> {
		try {
			const states = await this.#client.feedback(
				reports.map(({ item }) => item),
				signal,
			);
			const byId = new Map(states.map((state) => [state.stream_id, state]));
			for (const { run, item } of reports) {
				const state = byId.get(item.stream_id);
				if (state !== undefined) run.judge(item, state);
			}
		} catch (error) {
			const refused = error instanceof ServiceRefusal && (error.status === 400 || error.status === 413);
			if (!refused) throw error;
			if (reports.length > 1) {
				const middle = Math.ceil(reports.length / 2);
				await this.#send(reports.slice(0, middle), signal);
				await this.#send(reports.slice(middle), signal);
				return;
			}
			for (const report of reports) await this.#sendBare(report, describe(error), signal);
		}
	}

	/** Says the least: a service that understands nothing else should still hear that the stream is alive, or over. */
	async #sendBare({ run, item }: Report, reason: string, signal: AbortSignal): Promise<void> {
		const { stream_id, version, status } = item;
		this.#log.error({ stream_id, reason }, "feedback refused, sending its status alone");
		if (Object.keys(item).length <= 3) {
			run.leave();
			return;
		}
		await this.#send([{ run, item: { stream_id, version, status } }], signal);
	}
}
