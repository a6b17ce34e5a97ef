import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { Caller, NoAnswer } from "../chaos/caller.ts";
import type { ServiceProcess } from "../main-job/service-process.ts";
import { streamBody } from "../main-job/stream-bodies.ts";

/** An answer as it is counted: its status, and the error's number. */
interface Heard {
	what: string;
	status: number;
	code: number | null;
	retryAfter: boolean;
	milliseconds: number;
}

/**
 * Writes, reads and asks for health, over and over, at a service whose database may not take writes. What was created with 201 must
 * be there at the end, whatever happens meanwhile.
 */
export class SteadyWriter {
	readonly created: string[] = [];
	heard: Heard[] = [];
	readonly #caller: Caller;
	#stopping = false;
	#running: Promise<void> | null = null;

	constructor(service: ServiceProcess) {
		this.#caller = new Caller(service.url, { connections: 4, patience: 10_000 });
	}

	start(): void {
		this.#running ??= this.#work();
	}

	async stop(): Promise<void> {
		this.#stopping = true;
		await this.#running;
		this.#caller.close();
	}

	/** The answers since the last call, by what was asked: `201`, `503/39905`, … with their counts. */
	told(): Record<string, Record<string, number>> {
		const told: Record<string, Record<string, number>> = {};
		for (const { what, status, code } of this.heard) {
			const answer = code === null ? String(status) : `${status}/${code}`;
			const counts = told[what] ?? {};
			told[what] = { ...counts, [answer]: (counts[answer] ?? 0) + 1 };
		}
		return told;
	}

	/** Every answer so far was the success of its kind, or a 503 of the catalogue that says when to come again, in time. */
	expectClear(): void {
		const odd = this.heard.filter(({ status, code, retryAfter, milliseconds }) => {
			const good = status === 200 || status === 201;
			return (!good && (status !== 503 || code !== 39905 || !retryAfter)) || milliseconds > 6_000;
		});
		expect(odd.slice(0, 5)).toEqual([]);
	}

	/** What was answered with 201 is there. */
	async expectKept(): Promise<void> {
		for (let from = 0; from < this.created.length; from += 50) {
			const ids = this.created.slice(from, from + 50);
			const { status, body } = await this.#caller.ask("GET", `/1/streams/count?stream_ids=${ids}`);
			expect([status, body]).toEqual([200, { streams_count: ids.length }]);
		}
	}

	async #work(): Promise<void> {
		while (!this.#stopping) {
			await this.#ask("create", "POST", "/1/streams", streamBody({ name: "steady", description: "x".repeat(500) }));
			await this.#ask("list", "GET", "/1/streams?page_size=5");
			await this.#ask("health", "GET", "/healthcheck");
			await this.#ask("take", "POST", "/1/streams/processing/queue", { filters: {}, limit: 1 });
			await sleep(20);
		}
	}

	async #ask(what: string, method: string, path: string, sent?: unknown): Promise<void> {
		const began = performance.now();
		try {
			const { status, headers, body } = await this.#caller.ask(method, path, sent);
			const { error_code: code = null, stream_id } = Object(body) as { error_code?: number; stream_id?: string };
			const retryAfter = headers["retry-after"] !== undefined;
			this.heard.push({ what, status, code, retryAfter, milliseconds: performance.now() - began });
			if (status === 201 && stream_id !== undefined) this.created.push(stream_id);
		} catch (error) {
			if (!(error instanceof NoAnswer)) throw error;
			this.heard.push({ what, status: 0, code: null, retryAfter: false, milliseconds: performance.now() - began });
		}
	}
}
