import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Exchange } from "../../server/http/exchange.ts";
import { SlowBodies } from "../../server/http/slow-bodies.ts";
import { openSocket } from "../support/bare-socket.ts";
import { eventually } from "../support/signals.ts";
import { head } from "./raw-client.ts";
import { smallBody } from "./recording-engine.ts";
import { posted, serve } from "./serve.ts";

/** Milliseconds that a body may take, and bytes that it must have brought until then. */
const [PATIENCE, LEAST] = [7_000, 7_168];
/** Milliseconds between two looks. */
const PAUSE = 10;
/** What an immediate takes where it is a fake. */
const TURN = 1;

afterEach(() => void vi.useRealTimers());

const clock = { monotonic: () => performance.now(), wall: () => Date.now() };
const slowBodies = () => new SlowBodies(clock);

/** A request that has a body on its way, and when it was closed. */
class Coming {
	closedAt: number | undefined;
	readonly head = { startedAt: performance.now() };
	readonly incoming: { received: number; over: boolean };

	constructor(received: number, over = false) {
		this.incoming = { received, over };
	}

	destroy(): void {
		this.closedAt = performance.now() - this.head.startedAt;
	}
}

function begin(slow: SlowBodies, received: number, over = false): Coming {
	const coming = new Coming(received, over);
	slow.add(coming as unknown as Exchange);
	return coming;
}

describe("of requests whose bodies come", () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"] });
	});

	test("a body that brings less than a KiB a second is ended after 7 s, each at its own time", () => {
		const slow = slowBodies();
		const first = begin(slow, 0);
		vi.advanceTimersByTime(1_234);
		const second = begin(slow, LEAST - 1);
		vi.advanceTimersByTime(PATIENCE - 1_235);
		expect([first.closedAt, second.closedAt]).toEqual([undefined, undefined]);
		vi.advanceTimersByTime(PATIENCE);
		expect(first.closedAt).toBe(PATIENCE + TURN);
		expect(second.closedAt).toBeGreaterThanOrEqual(PATIENCE);
		expect(second.closedAt).toBeLessThan(PATIENCE + 2 * PAUSE);
		expect(vi.getTimerCount()).toBe(0);
	});

	test("one that comes well, has come, or is not waited for any more is left alone", () => {
		const slow = slowBodies();
		const well = begin(slow, LEAST);
		const whole = begin(slow, 10, true);
		const left = begin(slow, 0);
		slow.delete(left as unknown as Exchange);
		vi.advanceTimersByTime(3 * PATIENCE);
		expect([well, whole, left].map(({ closedAt }) => closedAt)).toEqual([undefined, undefined, undefined]);
		expect(vi.getTimerCount()).toBe(0);
	});

	test("thousands of one moment are ended a few at a time, and a stop ends it", () => {
		const slow = slowBodies();
		const many = Array.from({ length: 1_000 }, () => begin(slow, 0));
		const closed = () => many.filter(({ closedAt }) => closedAt !== undefined).length;
		vi.advanceTimersByTime(PATIENCE + TURN);
		expect(closed()).toBe(20);
		vi.advanceTimersByTime(10 * (PAUSE + TURN));
		expect(closed()).toBe(220);
		vi.advanceTimersByTime(39 * (PAUSE + TURN));
		expect(closed()).toBe(1_000);
		begin(slow, 0);
		slow.stop();
		expect(vi.getTimerCount()).toBe(0);
		// It goes on with the next.
		const next = begin(slow, 0);
		vi.advanceTimersByTime(PATIENCE + TURN);
		expect(next.closedAt).toBe(PATIENCE + TURN);
	});
});

describe("a server", () => {
	// The rest of it waits for real sockets.
	beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));

	test.each(["Content-Length: 1000", "Transfer-Encoding: chunked"])(
		"ends a request with such a body, of %s, and its connection",
		async (length) => {
			await using serving = await serve({ clock });
			const { server } = serving;
			const [name = "", value = ""] = length.split(": ");
			const socket = openSocket(server.port).resume();
			socket.write(`${head("POST /1/streams", { "Content-Type": "application/json", [name]: value })}1\r\n`);
			await eventually(() => server.requestsUnderWay === 1);
			// One that came whole meanwhile is not touched.
			expect((await serving.ask("/1/streams", posted(smallBody))).status).toBe(201);
			vi.advanceTimersByTime(PATIENCE - 1);
			expect(server.requestsUnderWay).toBe(1);
			const closed = once(socket, "close");
			vi.advanceTimersByTime(PAUSE);
			await closed;
			expect(server.requestsUnderWay).toBe(0);
		},
	);

	test("reads first what has come while the process stood still", async () => {
		await using serving = await serve({ clock });
		const { server } = serving;
		const body = JSON.stringify(smallBody);
		const socket = openSocket(server.port);
		const headers = { "Content-Type": "application/json", "Content-Length": String(body.length) };
		socket.write(head("POST /1/streams", headers));
		await eventually(() => server.requestsUnderWay === 1);
		// After a timer, as the look is: what is written now lies there unread.
		await sleep(1);
		socket.write(body);
		vi.advanceTimersByTime(2 * PATIENCE);
		const [answer] = await once(socket, "data");
		expect(String(answer)).toMatch(/^HTTP\/1\.1 201 /);
		socket.destroy();
	});
});
