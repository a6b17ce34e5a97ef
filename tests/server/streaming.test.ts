import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Writer } from "../../server/http/reply.ts";
import { type Route, route } from "../../server/http/route.ts";
import { openSocket } from "../support/bare-socket.ts";
import { head } from "./raw-client.ts";
import { row } from "./recording-engine.ts";
import { posted, type Serving, serve } from "./serve.ts";

let writers: Writer[] = [];
let unsent = 0;
const live: Route = route({
	method: "GET",
	pattern: "/test/live",
	access: "public",
	tag: "test",
	summary: "",
	answers: [],
	faults: [],
	handle: () => ({
		kind: "stream",
		type: "multipart/x-mixed-replace; boundary=b",
		run: (writer) => writers.push(writer),
		onUnsent: () => unsent++,
	}),
});

let serving: Serving;
beforeEach(async () => {
	writers = [];
	unsent = 0;
	serving = await serve({ routes: [live], stopDeadline: 2_000 });
});
afterEach(() => serving.server.stop());

/** A client that has asked and reads nothing until it is told to. */
async function client(request: string): Promise<Socket> {
	const socket = openSocket(serving.server.port);
	socket.on("error", () => undefined);
	socket.pause();
	socket.write(request);
	await once(socket, "connect");
	return socket;
}
async function writer(): Promise<Writer> {
	await expect.poll(() => writers.length).toBe(1);
	return writers[0]!;
}

describe("a streaming answer", () => {
	test("carries what is written, in order, and ends", async () => {
		const response = serving.ask("/test/live");
		const to = await writer();
		const bytes = Buffer.alloc(200_000, "ab");
		to.write(Buffer.from("first,"));
		to.write(bytes);
		to.end();
		const answer = await response;
		expect(answer.headers.get("content-type")).toBe("multipart/x-mixed-replace; boundary=b");
		expect(await answer.text()).toBe(`first,${bytes}`);
		await expect.poll(() => serving.server.requestsUnderWay).toBe(0);
	});

	test("says when a client is behind and when it has caught up; nothing is lost", async () => {
		const socket = await client(head("GET /test/live"));
		const to = await writer();
		let drained = 0;
		to.onDrain(() => drained++);
		const chunk = Buffer.alloc(1_048_576, "#");
		let written = 0;
		while (to.write(chunk)) written += chunk.length;
		written += chunk.length;
		expect(written).toBeLessThan(16 * 1_048_576);
		let received = 0;
		socket.on("data", (data) => {
			received += data.toString("latin1").replace(/[^#]/g, "").length;
		});
		socket.resume();
		await expect.poll(() => drained).toBe(1);
		to.end();
		await expect.poll(() => received).toBe(written);
		socket.destroy();
	});

	test("costs a client that never reads its connection, not the server its memory", async () => {
		const socket = await client(head("GET /test/live"));
		const to = await writer();
		let gone = 0;
		to.onGone(() => gone++);
		const chunk = Buffer.alloc(1_048_576);
		for (let count = 0; count < 64 && gone === 0; count++) to.write(chunk);
		expect(gone).toBe(1);
		to.write(chunk);
		to.end();
		expect(serving.server.requestsUnderWay).toBe(0);
		socket.destroy();
	});

	test("tells who writes it when the client goes, once; later writes go nowhere", async () => {
		const socket = await client(head("GET /test/live"));
		const to = await writer();
		let gone = 0;
		to.onGone(() => gone++);
		to.write(Buffer.from("x"));
		socket.destroy();
		await expect.poll(() => gone).toBe(1);
		expect(to.write(Buffer.from("x"))).toBe(true);
		to.end();
		to.onGone(() => gone++);
		expect(gone).toBe(2);
		expect(serving.server.requestsUnderWay).toBe(0);
	});

	test("ends at once when the server stops", async () => {
		const response = await (async () => {
			const asked = serving.ask("/test/live");
			(await writer()).write(Buffer.from("x"));
			return asked;
		})();
		let gone = 0;
		writers[0]?.onGone(() => gone++);
		await serving.server.stop();
		expect(gone).toBe(1);
		expect(await response.text()).toBe("x");
	});

	test("to HEAD is never run, and what was made for it is given up", async () => {
		const response = await serving.ask("/test/live", { method: "HEAD" });
		expect(response.headers.get("content-type")).toContain("multipart");
		expect([writers.length, unsent, serving.server.requestsUnderWay]).toEqual([0, 1, 0]);
	});
});

describe("a client that is gone", () => {
	const taking = (): string => {
		const body = JSON.stringify({ filters: {}, limit: 10 });
		const headers = { "Content-Type": "application/json", "Content-Length": String(body.length) };
		return head("POST /1/streams/processing/queue?wait=60", headers) + body;
	};

	test("before its take was made aborts the signal, and what is taken all the same goes back", async () => {
		let resolve: (rows: (typeof row)[]) => void = () => undefined;
		let signal: AbortSignal | undefined;
		serving.engine.taking = (request) => {
			signal = request.signal;
			return new Promise((done) => {
				resolve = done;
			});
		};
		const socket = await client(taking());
		await expect.poll(() => signal).toBeDefined();
		expect(signal?.aborted).toBe(false);
		socket.destroy();
		await expect.poll(() => signal?.aborted).toBe(true);
		resolve([row]);
		await expect.poll(() => serving.engine.calls.at(-1)).toEqual({ method: "giveBack", with: [row] });
		expect(serving.server.requestsUnderWay).toBe(0);
	});

	test("before it has read all of its take gets none of it counted as delivered", async () => {
		const much = Array.from({ length: 1000 }, () => ({ ...row, description: "x".repeat(10_000) }));
		serving.engine.taking = async () => much;
		const back = new Promise((done) => {
			serving.engine.givenBack = done;
		});
		const socket = await client(taking());
		await expect.poll(() => serving.engine.calls.length).toBe(1);
		socket.destroy();
		expect(await back).toBe(much);
	});

	test("after it has read its take keeps it", async () => {
		const body = posted({ filters: {}, limit: 1 });
		expect((await serving.json("/1/streams/processing/queue", body)).status).toBe(200);
		expect(serving.engine.calls.map((each) => each.method)).toEqual(["take"]);
	});
});

test("what a handler's callbacks throw ends no process and reaches the log", async () => {
	const response = serving.ask("/test/live");
	const to = await writer();
	to.onGone(() => {
		throw new Error("a bug in a callback");
	});
	to.write(Buffer.from("x"));
	await (await response).body?.cancel();
	await expect.poll(() => serving.lines.some((each) => each.level === "error")).toBe(true);
	expect((await serving.ask("/version")).status).toBe(200);
});
