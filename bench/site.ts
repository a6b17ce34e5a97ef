import { readFile } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import type { Figure } from "./figure.ts";
import { Connection, rawRequest } from "./load/client.ts";
import { Load } from "./load/load.ts";
import { ServiceUnderTest, Worker } from "./processes.ts";
import { ACCOUNT, createBody } from "./streams.ts";

/** Processes that make the load. */
const GENERATORS = 2;

interface RequestOptions {
	connections?: number;
	itemsPerRequest?: number;
	/** The status of every answer. */
	expect?: number;
	port?: number;
	/** The first of the requests. */
	first?: number;
}

/** What scenarios are measured on: the service with its database, load generators, and processes of ceilings and peers. */
export class Site {
	readonly service: ServiceUnderTest;
	readonly load = new Load(GENERATORS);
	readonly #url: string;
	readonly #statements = new Worker("./ceilings/statements.ts");
	readonly #workers: Worker[] = [];
	readonly #nodes: ServiceUnderTest[] = [];
	#env: Readonly<Record<string, string>> = {};
	/** Streams in progress that have had their first feedback. */
	live: string[] = [];

	private constructor(service: ServiceUnderTest, url: string) {
		this.service = service;
		this.#url = url;
	}

	/** @param env settings of the service besides */
	static async open(execArgv: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Site> {
		const service = await ServiceUnderTest.start(execArgv, env);
		const site = new Site(service, (await readFile(join(service.folder, "postgres-url"), "utf8")).trim());
		site.#env = env;
		return site;
	}

	/** Starts one more process of the service on the same port, database and Redis; see SHARE_PORT. */
	async addNode(): Promise<void> {
		const env = { ...this.#env, DATABASE_URL: this.#url, PORT: String(this.service.port) };
		this.#nodes.push(await ServiceUnderTest.start([], env));
	}

	/** Ends the service and starts it again; gives the seconds from its start to its first answer. */
	restart(): Promise<number> {
		return this.service.restart();
	}

	/** Sends each of the requests once, over a few connections. */
	async requestsOnce(requests: readonly Buffer[]): Promise<void> {
		const ways = 8;
		await Promise.all(
			Array.from({ length: ways }, async (_, way) => {
				const connection = await Connection.open(this.service.port);
				for (let at = way; at < requests.length; at += ways) {
					const request = requests[at];
					if (request !== undefined && (await connection.ask(request)).status !== 200)
						throw new Error("an answer was not what was expected");
				}
				connection.close();
			}),
		);
	}

	/** The value of a metric without labels. */
	async metric(name: string): Promise<number> {
		const text = await (await fetch(`http://127.0.0.1:${this.service.port}/metrics`)).text();
		return Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1] ?? Number.NaN);
	}

	async close(): Promise<void> {
		for (const worker of [...this.#workers, this.#statements]) await worker.end();
		await this.load.end();
		for (const node of this.#nodes) await node.stop();
		await this.service.stop();
	}

	/** The connection string of the service's database. */
	get url(): string {
		return this.#url;
	}

	/** Another database on the service's server, empty: for a peer. */
	async database(name: string): Promise<string> {
		const sql = postgres(this.#url, { max: 1, onnotice: () => undefined });
		try {
			await sql.unsafe(`CREATE DATABASE ${name}`);
		} finally {
			await sql.end();
		}
		const url = new URL(this.#url);
		url.pathname = `/${name}`;
		return url.href;
	}

	/** Starts a process that lasts until the site is closed, or is ended before. */
	worker(path: string): Worker {
		const worker = new Worker(path);
		this.#workers.push(worker);
		return worker;
	}

	/** Puts raw requests on the service, or on another port. */
	requests(
		requests: readonly Buffer[],
		seconds: number,
		{ connections = 32, itemsPerRequest = 1, expect = 200, port = this.service.port, first = 0 }: RequestOptions = {},
	): Promise<Figure> {
		const texts = requests.map((request) => request.toString("latin1"));
		const work = { kind: "requests" as const, requests: texts, expect, first, step: connections };
		return this.load.put({ port, connections, seconds, itemsPerRequest, work });
	}

	/** A bare uWebSockets.js that answers this; gives its port. */
	async bareUws(answer: string): Promise<number> {
		return (await this.worker("./ceilings/bare-uws.ts").ask<{ port: number }>({ answer })).port;
	}

	/** The service's statements straight through the driver, rows a second. */
	statements(
		what: "create" | "status" | "take_done" | "fill" | "select",
		batch: number,
		lanes: number,
		seconds: number,
	): Promise<Figure> {
		return this.#statements.ask<Figure>({ url: this.#url, what, batch, lanes, seconds });
	}

	/** Makes `count` streams live, once. */
	async makeLive(count: number): Promise<void> {
		if (this.live.length >= count) return;
		await this.statements("fill", count - this.live.length, 1, 0);
		const connection = await Connection.open(this.service.port);
		while (this.live.length < count) {
			const take = rawRequest("POST", "/1/streams/processing/queue", '{"filters":{},"limit":500}');
			const { streams } = JSON.parse((await connection.ask(take)).body.toString()) as {
				streams: { stream_id: string }[];
			};
			const ids = streams.map((stream) => stream.stream_id);
			const items = ids.map((stream_id) => ({ stream_id, version: 1, status: "in_progress" }));
			await connection.ask(rawRequest("POST", FEEDBACK, JSON.stringify({ streams: items })));
			this.live.push(...ids);
		}
		connection.close();
	}
}

export const FEEDBACK = "/1/streams/processing/feedback";
export const CREATE = rawRequest("POST", "/1/streams", JSON.stringify(createBody(ACCOUNT)));
