import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FeedbackAnswer } from "../main-job/api-client.ts";
import { Caller, NoAnswer } from "./caller.ts";

/** A stream in an agent's hands, and what was answered about it. */
export interface HeldStream {
	id: string;
	version: number;
	/** Error codes that were answered with `modified`, in order: each is a change that is committed. */
	acknowledged: number[];
	/** Of the last answer. */
	heard: number;
	/** Milliseconds, the longest time between two answers. */
	longestSilence: number;
}

/**
 * An agent that takes streams and reports on them all, over and over: for some of them with another error than before,
 * which is a change and is committed before its answer. It stays with a node until that does not answer, or answers
 * 503, and goes on with the next.
 */
export class ReportingAgent {
	readonly id = `chaos-${randomUUID()}`;
	readonly streams = new Map<string, HeldStream>();
	/** Answers that took a stream away from it, with the status they showed. */
	readonly refused: { id: string; status: string; silence: number }[] = [];
	/** Requests that were answered with 200, and those that were not. */
	answers = 0;
	failures = 0;
	readonly #callers: readonly Caller[];
	readonly #random: () => number;
	readonly #pause: number;
	#at: number;
	#code = 1;
	#running: Promise<void> | null = null;
	#stopping = false;

	/** `pause`: milliseconds between two reports. */
	constructor(urls: readonly string[], random: () => number, { pause = 100, patience = 3_000 } = {}) {
		this.#callers = urls.map((url) => new Caller(url, { connections: 1, patience }));
		this.#random = random;
		this.#pause = pause;
		this.#at = Math.floor(random() * urls.length);
	}

	get acknowledged(): number {
		return [...this.streams.values()].reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
	}

	/** Takes until it has so many. Only streams of this name. */
	async take(count: number, name: string): Promise<void> {
		while (this.streams.size < count) {
			const filters = { names: [name] };
			const taken = await this.#caller.take(count - this.streams.size, { filters, agentId: this.id });
			const now = performance.now();
			for (const { stream_id: id, version } of taken)
				this.streams.set(id, { id, version, acknowledged: [], heard: now, longestSilence: 0 });
		}
	}

	report(): void {
		this.#stopping = false;
		this.#running ??= this.#work();
	}

	/** Ends its reports; a report under way is waited for. */
	async silence(): Promise<void> {
		this.#stopping = true;
		await this.#running;
		this.#running = null;
	}

	async end(): Promise<void> {
		await this.silence();
		for (const caller of this.#callers) caller.close();
	}

	get #caller(): Caller {
		const caller = this.#callers[this.#at % this.#callers.length];
		if (caller === undefined) throw new Error("an agent needs a node");
		return caller;
	}

	async #work(): Promise<void> {
		while (!this.#stopping) {
			await this.#reportAll();
			await sleep(this.#pause);
		}
	}

	async #reportAll(): Promise<void> {
		const codes = new Map<string, number>();
		const items = [...this.streams.values()].map(({ id, version }) => {
			const item = { stream_id: id, version, status: "in_progress" };
			if (this.#random() < 0.5) return item;
			codes.set(id, this.#code);
			return { ...item, error: { error_code: this.#code++, desc: "another one", detail: "" } };
		});
		try {
			const path = "/1/streams/processing/feedback";
			const { status, body } = await this.#caller.ask("POST", path, { streams: items }, { "Agent-Id": this.id });
			if (status === 200) this.#hear((body as FeedbackAnswer).streams, codes);
			else if (status >= 500) this.#next();
			else throw new Error(`feedback was answered ${status} ${JSON.stringify(body)}`);
		} catch (error) {
			if (!(error instanceof NoAnswer)) throw error;
			this.#next();
		}
	}

	#next(): void {
		this.failures++;
		this.#at++;
	}

	#hear({ modified, unmodified }: FeedbackAnswer["streams"], codes: ReadonlyMap<string, number>): void {
		this.answers++;
		const now = performance.now();
		for (const { stream_id } of modified) {
			const stream = this.streams.get(stream_id);
			if (stream === undefined) continue;
			stream.longestSilence = Math.max(stream.longestSilence, now - stream.heard);
			stream.heard = now;
			const code = codes.get(stream_id);
			if (code !== undefined) stream.acknowledged.push(code);
		}
		for (const { stream_id, status } of unmodified) {
			const stream = this.streams.get(stream_id);
			if (stream) this.refused.push({ id: stream_id, status, silence: now - stream.heard });
			this.streams.delete(stream_id);
		}
	}
}
