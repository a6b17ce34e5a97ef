import { describe, expect, test } from "vitest";
import { StreamWriter } from "../../server/http/stream-writer.ts";
import type { HttpResponse } from "../../server/http/uws.ts";
import { WaitingChunks } from "../../server/http/waiting-chunks.ts";
import { eventually } from "../support/signals.ts";

/** A client that takes nothing until it is told to, and the answer that is written to it. */
class SlowClient {
	readonly writer: StreamWriter;
	readonly taken: Buffer[] = [];
	open = true;
	#full = true;
	#writable: () => void = () => undefined;

	constructor(waiting: WaitingChunks) {
		const response: Partial<HttpResponse> = {
			onWritable: (handler) => {
				this.#writable = () => handler(0);
				return response as HttpResponse;
			},
			cork: (work) => {
				work();
				return response as HttpResponse;
			},
			write: (bytes) => {
				this.taken.push(Buffer.from(bytes as Uint8Array));
				return !this.#full;
			},
			end: () => response as HttpResponse,
			close: () => {
				this.open = false;
				this.writer.abort();
				return response as HttpResponse;
			},
		};
		const finished = () => undefined;
		this.writer = new StreamWriter(response as HttpResponse, finished, (work) => work(), waiting);
	}

	/** It takes one piece more, or from now on all. */
	read(all = true): void {
		this.#full = !all;
		this.#writable();
	}
}

const chunk = (size: number, filling = 1) => Buffer.alloc(size, filling);

describe("what waits for clients that do not read", () => {
	test("is one chunk in memory, however many wait for it, until the last has it", async () => {
		const waiting = new WaitingChunks(10_000_000);
		const clients = Array.from({ length: 1_000 }, () => new SlowClient(waiting));
		const shared = chunk(500_000);
		for (const { writer } of clients) expect(writer.write(shared)).toBe(false);
		expect(waiting.bytes).toBe(500_000);
		const [first, ...others] = clients;
		for (const each of others) each.writer.abort();
		expect(waiting.bytes).toBe(500_000);
		first!.read();
		await eventually(() => waiting.bytes === 0);
		expect(Buffer.concat(first!.taken).equals(shared)).toBe(true);
	});

	test("has a bound in bytes, at which those go who have read nothing for longest", async () => {
		const waiting = new WaitingChunks(1_000_000);
		const [a, b, c, d] = Array.from({ length: 4 }, () => new SlowClient(waiting));
		for (const each of [a, b, c]) each!.writer.write(chunk(300_000));
		a!.read(false);
		await eventually(() => a!.taken.length === 2);
		d!.writer.write(chunk(300_000));
		expect([a, b, c, d].map((each) => each!.open)).toEqual([true, false, true, true]);
		expect(waiting.bytes).toBe(900_000);
		for (const each of [a, c, d]) each!.writer.cut();
		expect(waiting.bytes).toBe(0);
	});

	test("is not taken on for one whose chunk alone is beyond it", () => {
		const waiting = new WaitingChunks(1_000_000);
		const client = new SlowClient(waiting);
		expect(client.writer.write(chunk(65_536))).toBe(false);
		expect(waiting.bytes).toBe(0);
		client.writer.write(chunk(1_000_001));
		expect([client.open, waiting.bytes]).toEqual([false, 0]);
	});

	test("is handed over in its order when they read again", async () => {
		const waiting = new WaitingChunks(10_000_000);
		const client = new SlowClient(waiting);
		const chunks = [1, 2, 3].map((number) => chunk(200_000, number));
		for (const each of chunks) client.writer.write(each);
		client.writer.end();
		client.read(false);
		client.read();
		await eventually(() => waiting.bytes === 0);
		expect(Buffer.concat(client.taken).equals(Buffer.concat(chunks))).toBe(true);
	});
});
