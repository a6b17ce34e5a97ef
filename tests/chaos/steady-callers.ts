import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { streamBody } from "../main-job/stream-bodies.ts";
import { Caller, NoAnswer } from "./caller.ts";
import type { SiteNode } from "./site.ts";

/** A request and its answer, with moments of `performance.now()`. */
export interface Call {
	node: SiteNode;
	/** Which of the requests, as `GET /healthcheck`. */
	what: string;
	began: number;
	ended: number;
	/** 0: no answer came. */
	status: number;
	retryAfter: string | undefined;
}

/** Every lane to the database: reads of one and of many, writes that are batched and those that are not. */
const REQUESTS: readonly [string, string, (() => object)?][] = [
	["GET", "/healthcheck"],
	["GET", "/1/streams/count"],
	["GET", `/1/streams/${randomUUID()}`],
	["POST", "/1/streams", () => streamBody({ name: "created" })],
	["POST", "/1/streams/processing/queue", () => ({ filters: { names: ["none"] }, limit: 1 })],
	[
		"POST",
		"/1/streams/processing/feedback",
		() => ({ streams: [{ stream_id: randomUUID(), version: 1, status: "in_progress" }] }),
	],
];

/**
 * Asks every node everything again and again, whether the last answer has come or not: so there are requests that wait
 * when something goes away, and new ones at each moment after it.
 */
export class SteadyCallers {
	readonly calls: Call[] = [];
	/** When a node first said itself that the database is away, since the last `forget()`. */
	readonly known = new Map<SiteNode, number>();
	readonly #nodes: readonly SiteNode[];
	readonly #pause: number;
	readonly #open = new Set<Promise<void>>();
	readonly #callers = new Map<SiteNode, Caller>();
	#running: Promise<unknown> | null = null;
	#stopping = false;

	/** `pause`: milliseconds between two requests of each kind. */
	constructor(nodes: readonly SiteNode[], pause: number) {
		this.#nodes = nodes;
		this.#pause = pause;
		for (const node of nodes) this.#callers.set(node, new Caller(node.url, { connections: 512, patience: 15_000 }));
	}

	start(): void {
		this.#stopping = false;
		this.#running = Promise.all(this.#nodes.flatMap((node) => [this.#ask(node), this.#listen(node)]));
	}

	forget(): void {
		this.calls.length = 0;
		this.known.clear();
	}

	/** Resolves when the last answer is there. */
	async stop(): Promise<void> {
		this.#stopping = true;
		await this.#running;
		await Promise.all(this.#open);
		for (const caller of this.#callers.values()) caller.close();
	}

	async #ask(node: SiteNode): Promise<void> {
		while (!this.#stopping) {
			for (const request of REQUESTS) {
				const call = this.#call(node, request).finally(() => this.#open.delete(call));
				this.#open.add(call);
			}
			await sleep(this.#pause);
		}
	}

	async #call(node: SiteNode, [method, path, body]: (typeof REQUESTS)[number]): Promise<void> {
		const began = performance.now();
		const what = `${method} ${path}`;
		let answered: Pick<Call, "status" | "retryAfter">;
		try {
			const answer = await this.#caller(node).ask(method, path, body?.());
			answered = { status: answer.status, retryAfter: answer.headers["retry-after"] };
		} catch (error) {
			if (!(error instanceof NoAnswer)) throw error;
			answered = { status: 0, retryAfter: undefined };
		}
		this.calls.push({ node, what, began, ended: performance.now(), ...answered });
	}

	/** The metrics need no database, and tell what the node believes. */
	async #listen(node: SiteNode): Promise<void> {
		while (!this.#stopping) {
			const up = await this.#caller(node).metric("perigee_database_up");
			if (up === 0 && !this.known.has(node)) this.known.set(node, performance.now());
			await sleep(50);
		}
	}

	#caller(node: SiteNode): Caller {
		const caller = this.#callers.get(node);
		if (caller === undefined) throw new Error("not one of its nodes");
		return caller;
	}
}
