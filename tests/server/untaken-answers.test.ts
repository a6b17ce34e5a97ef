import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import { Peers } from "../../server/http/peers.ts";
import { type Route, route } from "../../server/http/route.ts";
import { Limits, type LimitsOptions } from "../../server/limits/limits.ts";
import { openSocket } from "../support/bare-socket.ts";
import { eventually } from "../support/signals.ts";
import { head, raw } from "./raw-client.ts";
import { type Serving, serve } from "./serve.ts";

const MEBIBYTE = 1_048_576;
const sizes = { small: 16_384, large: 8 * MEBIBYTE };
const answered = { small: 0, large: 0 };
let unsent = 0;
const routes: Route[] = (["small", "large"] as const).map((size) =>
	route({
		method: "GET",
		pattern: `/test/${size}`,
		access: "public",
		tag: "test",
		summary: "",
		answers: [],
		faults: [],
		handle() {
			answered[size]++;
			const bytes = Buffer.alloc(sizes[size]);
			const given = size === "large" ? { onUnsent: () => unsent++ } : {};
			return { kind: "bytes", type: "application/octet-stream", bytes, ...given };
		},
	}),
);

const sockets: Socket[] = [];
const running: Serving[] = [];
afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	for (const { server } of running.splice(0)) await server.stop();
});

/** A server with these limits, to which loopback counts like any other address and says who is behind it. */
async function limited(options: Partial<LimitsOptions>): Promise<Serving & { limits: Limits }> {
	Object.assign(answered, { small: 0, large: 0 });
	unsent = 0;
	const limits = new Limits({
		tokenRate: 0,
		addressRate: 0,
		failureRate: 0,
		addressRequests: 0,
		addressSockets: 0,
		requests: 10_000,
		addressBodyBytes: 0,
		bodyBytes: 100 * MEBIBYTE,
		addressAnswerBytes: 0,
		answerBytes: 100 * MEBIBYTE,
		redis: null,
		clock: systemClock,
		log: { warn: () => undefined },
		...options,
	});
	const peers = new Peers({ trustedProxies: ["127.0.0.0/8"], exempt: [] });
	const serving = await serve({ routes, limits, peers, stopDeadline: 100 });
	running.push(serving);
	return Object.assign(serving, { limits });
}

/** A client that sends this and reads nothing until it is told to. */
async function client({ server }: Serving, requests: string): Promise<Socket & { ended: Promise<unknown> }> {
	const socket = openSocket(server.port);
	sockets.push(socket);
	socket.on("error", () => undefined);
	const ended = once(socket, "close");
	socket.pause();
	socket.write(requests);
	await once(socket, "connect");
	return Object.assign(socket, { ended });
}

const from = (address: string) => head("GET /test/large", { "X-Forwarded-For": address });

test("thousands of requests in one piece of a client that reads nothing are not answered into memory: it is closed", async () => {
	const serving = await limited({});
	const socket = await client(serving, head("GET /test/small").repeat(4_000));
	await eventually(() => answered.small > 0 && serving.server.requestsUnderWay === 0);
	// What the system's own buffers have room for.
	expect(answered.small * sizes.small).toBeLessThan(16 * MEBIBYTE);
	socket.resume();
	await socket.ended;
	expect((await serving.ask("/test/small")).status).toBe(200);
});

test("answers that clients of one address do not take are bounded; beyond it the connection is closed, and what was given is taken back", async () => {
	const serving = await limited({ addressAnswerBytes: 20 * MEBIBYTE });
	const [first, second] = [await client(serving, from("203.0.113.9")), await client(serving, from("203.0.113.9"))];
	await eventually(() => answered.large === 2);
	expect(unsent).toBe(0);
	const third = (await client(serving, from("203.0.113.9"))).resume();
	await third.ended;
	expect(unsent).toBe(1);
	expect(serving.limits.refused).toMatchObject({ address_answer_bytes: 1, answer_bytes: 0 });
	// Who takes it at once, and who comes from elsewhere, has it.
	const other = await client(serving, from("203.0.113.10"));
	await eventually(() => answered.large === 4);
	expect(other.destroyed).toBe(false);
	// What is taken counts no more, nor what is gone.
	let bytes = 0;
	first.on("data", (data) => (bytes += data.length));
	first.resume();
	await eventually(() => bytes > sizes.large);
	second.destroy();
	await eventually(() => serving.server.requestsUnderWay === 1);
	await client(serving, from("203.0.113.9"));
	await client(serving, from("203.0.113.9"));
	await eventually(() => serving.server.requestsUnderWay === 3);
	expect(serving.limits.refused).toMatchObject({ address_answer_bytes: 1 });
});

test("those of all clients are bounded together", async () => {
	const serving = await limited({ answerBytes: 20 * MEBIBYTE });
	for (const address of ["203.0.113.9", "203.0.113.10"]) await client(serving, from(address));
	await eventually(() => answered.large === 2);
	const third = (await client(serving, from("203.0.113.11"))).resume();
	await third.ended;
	expect(serving.limits.refused).toMatchObject({ address_answer_bytes: 0, answer_bytes: 1 });
});

test("who comes too often has its connection closed with the 429, and what it sent behind is not looked at", async () => {
	const serving = await limited({ addressRate: 20 });
	const many = await raw(serving.server.port, head("GET /test/small").repeat(500), () => false, 5_000);
	const statuses = [...many.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
	expect(many.closed).toBe(true);
	expect(statuses.filter((status) => status === 429)).toEqual([429]);
	expect(statuses.at(-1)).toBe(429);
	expect(many.text).toContain("\r\nConnection: close\r\n");
	// One with a body may still be sending it: closed now, it would not read why.
	const post = `${head("POST /1/streams/processing/feedback", { "Content-Type": "application/json", "Content-Length": "14" })}{"streams":[]}`;
	const two = await raw(serving.server.port, post.repeat(2), (text) => text.split("HTTP/1.1 429").length === 3, 5_000);
	expect(two.closed).toBe(false);
});
