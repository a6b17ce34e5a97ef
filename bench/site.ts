import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Connection, rawRequest } from "./load/client.ts";
import { load, ServiceUnderTest, Worker } from "./processes.ts";
import { createBody } from "./streams.ts";

export const ACCOUNT = "557d54ec-29ad-4f3c-93b4-c9092ef12515";

/** What scenarios are measured on: the service with its database, and processes for the ceilings. */
export class Site {
	readonly service: ServiceUnderTest;
	readonly #url: string;
	readonly #workers: Worker[] = [];
	/** Streams in progress that have had their first feedback. */
	live: string[] = [];

	private constructor(service: ServiceUnderTest, url: string) {
		this.service = service;
		this.#url = url;
	}

	static async open(): Promise<Site> {
		const service = await ServiceUnderTest.start();
		return new Site(service, (await readFile(join(service.folder, "postgres-url"), "utf8")).trim());
	}

	async close(): Promise<void> {
		for (const worker of this.#workers) await worker.end();
		await this.service.stop();
	}

	/** Puts raw requests on the service, or on another port; answers items a second. */
	async requests(
		requests: readonly Buffer[],
		seconds: number,
		{ connections = 32, itemsPerRequest = 1, expect = 200, port = this.service.port } = {},
	): Promise<number> {
		const texts = requests.map((request) => request.toString("latin1"));
		const work = { kind: "requests" as const, requests: texts, expect };
		return (await load({ port, connections, seconds, itemsPerRequest, work })).rate;
	}

	/** A bare uWebSockets.js that answers this; gives its port. */
	async bareUws(answer: string): Promise<number> {
		const worker = new Worker("./ceilings/bare-uws.ts");
		this.#workers.push(worker);
		return (await worker.ask<{ port: number }>({ answer })).port;
	}

	/** The service's statements straight through the driver; answers rows a second. */
	async statements(what: "create" | "status" | "take_done" | "fill", batch: number, lanes: number, seconds: number) {
		const worker = new Worker("./ceilings/statements.ts");
		try {
			return (await worker.ask<{ rate: number }>({ url: this.#url, what, batch, lanes, seconds })).rate;
		} finally {
			await worker.end();
		}
	}

	/** Makes `count` streams live, once. */
	async makeLive(count: number): Promise<void> {
		if (this.live.length >= count) return;
		await this.statements("fill", count, 1, 0);
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
