import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Caller, NoAnswer } from "../chaos/caller.ts";
import type { FeedbackAnswer } from "../main-job/api-client.ts";

/** What was answered about a stream over all of its runs, whoever had it. */
export interface Acknowledged {
	/** Error codes that were answered with `modified`, in order: each is a change that is committed. */
	codes: number[];
}

export interface AgentOptions {
	urls: readonly string[];
	random: () => number;
	/** Streams that it wants to have. */
	target: number;
	name: string;
	/** Milliseconds between two reports of the same stream. */
	interval: number;
	/** What all agents together were told. */
	ledger: Map<string, Acknowledged>;
	/** The next error code: no two changes have the same. */
	nextCode: () => number;
	/** Statuses of answers that were none of 200 and 503. */
	odd: number[];
}

/** How many parts the streams are reported in, one after the other. */
const PARTS = 20;

/**
 * An agent that always has work: it takes what it lacks, reports on a part of its streams at a time, half of them with another
 * error than before, which is a change, and now and then one that has ended. A node that does not answer, or answers 503, is left
 * for the next.
 */
export class SoakAgent {
	/** Changes that were answered with `modified`. */
	changes = 0;
	readonly #options: AgentOptions;
	readonly #callers: readonly Caller[];
	readonly #id = `soak-${randomUUID()}`;
	readonly #versions = new Map<string, number>();
	#at: number;
	#stopping = false;
	readonly #running: Promise<void>;

	constructor(options: AgentOptions) {
		this.#options = options;
		this.#callers = options.urls.map((url) => new Caller(url, { connections: 1, patience: 6_000 }));
		this.#at = Math.floor(options.random() * options.urls.length);
		this.#running = this.#work();
	}

	/** How many it has now. */
	get streams(): number {
		return this.#versions.size;
	}

	/** Gives up everything without a word, as a process does that is killed. */
	async end(): Promise<void> {
		this.#stopping = true;
		await this.#running;
		for (const caller of this.#callers) caller.close();
	}

	async #work(): Promise<void> {
		const { interval, random } = this.#options;
		await sleep(random() * (interval / PARTS));
		for (let part = 0; !this.#stopping; part = (part + 1) % PARTS) {
			const began = performance.now();
			try {
				await this.#take();
				await this.#report(part);
			} catch (error) {
				if (!(error instanceof NoAnswer)) throw error;
				this.#at++;
			}
			await sleep(Math.max(5, interval / PARTS - (performance.now() - began)));
		}
	}

	get #caller(): Caller {
		const caller = this.#callers[this.#at % this.#callers.length];
		if (caller === undefined) throw new Error("an agent needs a node");
		return caller;
	}

	/** The body of a 200, or null: then the next node is asked the next time. */
	async #ask(path: string, body: unknown): Promise<unknown> {
		const answer = await this.#caller.ask("POST", path, body, { "Agent-Id": this.#id });
		if (answer.status === 200) return answer.body;
		if (answer.status !== 503) this.#options.odd.push(answer.status);
		this.#at++;
		return null;
	}

	async #take(): Promise<void> {
		const { target, name } = this.#options;
		const limit = Math.min(500, target - this.#versions.size);
		if (limit <= 0) return;
		const body = await this.#ask("/1/streams/processing/queue", { filters: { names: [name] }, limit });
		const { streams = [] } = Object(body) as { streams?: { stream_id: string; version: number }[] };
		for (const { stream_id, version } of streams) this.#versions.set(stream_id, version);
	}

	async #report(part: number): Promise<void> {
		const { random, nextCode, ledger } = this.#options;
		const codes = new Map<string, number>();
		const ended = new Set<string>();
		const items = [...this.#versions]
			.filter((_, at) => at % PARTS === part)
			.map(([stream_id, version]) => {
				const chance = random();
				if (chance < 0.005) {
					ended.add(stream_id);
					return { stream_id, version, status: chance < 0.0002 ? "done" : "failure" };
				}
				const item = { stream_id, version, status: "in_progress", video_info: { progress: random() } };
				if (chance < 0.5) return item;
				const code = nextCode();
				codes.set(stream_id, code);
				return { ...item, error: { error_code: code, desc: "another one", detail: "" } };
			});
		if (items.length === 0) return;
		const body = await this.#ask("/1/streams/processing/feedback", { streams: items });
		if (body === null) {
			// Whether they ended is not known: whoever has them now will tell.
			for (const id of ended) this.#versions.delete(id);
			return;
		}
		const { modified, unmodified } = (body as FeedbackAnswer).streams;
		for (const { stream_id } of modified) {
			if (ended.has(stream_id)) this.#versions.delete(stream_id);
			const code = codes.get(stream_id);
			if (code === undefined) continue;
			this.changes++;
			const known = ledger.get(stream_id);
			if (known) known.codes.push(code);
			else ledger.set(stream_id, { codes: [code] });
		}
		for (const { stream_id } of unmodified) this.#versions.delete(stream_id);
	}
}
