import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { either, say } from "../chaos/rounds.ts";
import { allLogs } from "../main-job/ledger.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { explainLogPath } from "../support/log-path.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { eventually } from "../support/signals.ts";
import { AbusedService, compared } from "./abused-service.ts";
import { type Conversation, converse, hostileSocket } from "./hostile-socket.ts";
import { ambiguous, bytesOf, frames, goodRequests, type HandMade, nonsense, upgrade } from "./requests.ts";

const SPLITS = either(150, 3_000);
const MUTATIONS = either(400, 20_000);
const ABORTS = either(300, 5_000);
const AT_ONCE = 50;
/** Milliseconds within which whatever can be answered is. */
const PROMPT = 5_000;
/** Milliseconds after which a connection is closed on which nothing whole comes. */
const FREED = 15_000;

const seed = newSeed();
const random = seededRandom(seed);
const below = (limit: number) => Math.floor(random() * limit);
const anyOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;

let service: AbusedService;
beforeAll(async () => {
	console.log(`broken bytes: seed ${seed}`);
	service = await AbusedService.start();
	const api = service.client();
	for (let each = 0; each < 20; each++) await api.create(streamBody({ name: "there before" }));
});
afterAll(() => service?.end());

/** So many of something, `AT_ONCE` of them at a time. */
async function many(count: number, work: (at: number) => Promise<void>): Promise<void> {
	let next = 0;
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			while (next < count) await work(next++);
		}),
	);
}

/** 503 of the catalogue and 502 of the previews are declared; 500 is a defect. Whatever is not HTTP/1.1 the newer binding answers 505. */
function undeclared({ text, statuses }: Conversation): boolean {
	const ours = statuses.filter((status) => status !== 505);
	return ours.some((status) => status === 500 || (status > 500 && !/"error_code":(39905|39010)\b/.test(text)));
}

/** Cut at random places, into up to eight pieces. */
function cut(bytes: Buffer): Buffer[] {
	const places = Array.from({ length: below(8) }, () => below(bytes.length)).sort((a, b) => a - b);
	return [0, ...places].map((from, at) => bytes.subarray(from, places[at] ?? bytes.length));
}

const ended = (text: string) => /HTTP\/1\.1 \d{3} [\s\S]*\r\n\r\n/.test(text);

describe("HTTP written by hand", () => {
	test(`is read alike wherever it is split (${SPLITS} requests)`, async () => {
		const whole = new Map<HandMade, number>();
		for (const request of goodRequests) {
			const { statuses } = await converse(service.port, {
				pieces: [bytesOf(request)],
				enough: ended,
				patience: PROMPT,
			});
			whole.set(request, statuses[0] ?? 0);
		}
		const odd: string[] = [];
		let slowest = 0;
		await many(SPLITS, async () => {
			const request = anyOf(goodRequests);
			const pieces = cut(bytesOf(request));
			const answer = await converse(service.port, { pieces, pause: below(3), enough: ended, patience: PROMPT });
			slowest = Math.max(slowest, answer.milliseconds);
			// The second of the same groups has a name that is taken.
			const expected = request.line.includes("/1/groups") ? [201, 409] : [whole.get(request)];
			if (!expected.includes(answer.statuses[0]) || answer.statuses.length !== 1)
				odd.push(`${request.line} in pieces of ${pieces.map(({ length }) => length)}: ${answer.text.slice(0, 200)}`);
		});
		say(`${SPLITS} requests in pieces: the slowest took ${slowest.toFixed(0)} ms`);
		expect(odd).toEqual([]);
	});

	test.concurrent.each(
		Object.entries(ambiguous).flatMap(([name, bytes]) => {
			const head = bytes.indexOf("\r\n\r\n") + 4;
			return [
				[name, [bytes]],
				[`${name}, behind its head`, [bytes.subarray(0, head), bytes.subarray(head)]],
				// Whatever comes of the body is read before its end and what is behind that.
				[`${name}, behind a part of it`, [bytes.subarray(0, head + 6), bytes.subarray(head + 6)]],
			] as [string, Buffer[]][];
		}),
	)("with %s lets no second request in", async (_, pieces) => {
		// Without a word that nothing more comes: what was let in is to have its answer.
		const answer = await converse(service.port, { pieces, pause: 20, patience: either(200, 2_000) });
		expect(answer.text).not.toContain("smuggled");
		expect(answer.statuses.length, answer.text).toBeLessThan(2);
		expect(undeclared(answer), answer.text).toBe(false);
		// It was not read as a request of the path behind, which is unknown.
		expect(answer.text).not.toContain('"error_code":12013');
	});

	test.each(Object.entries(nonsense))("that is none (%s) is refused or dropped", async (_, bytes) => {
		const answer = await converse(service.port, { pieces: [bytes], patience: either(150, 1_000), finish: true });
		expect(undeclared(answer), answer.text).toBe(false);
		expect(answer.text).not.toContain("evil.example");
	});

	test.each(Object.entries(frames))("ends a page's socket for a frame %s, or passes over it", async (_, frame) => {
		const answer = await converse(service.port, { pieces: [upgrade(), frame], patience: either(100, 1_000), pause: 5 });
		expect(answer.text).toMatch(/^HTTP\/1\.1 101 /);
		expect(undeclared(answer)).toBe(false);
	});

	test.each([
		["without a key", { "Sec-WebSocket-Key": "" }],
		["with a short key", { "Sec-WebSocket-Key": "x" }],
		["of another version", { "Sec-WebSocket-Version": "99" }],
		["to something else", { Upgrade: "h2c" }],
		["with extensions that are none", { "Sec-WebSocket-Extensions": "permessage-deflate; server_max_window_bits=99" }],
	])("does not open a page's socket %s in a way that harms", async (_, headers) => {
		const answer = await converse(service.port, { pieces: [upgrade(headers)], patience: 150, finish: true });
		expect(undeclared(answer), answer.text).toBe(false);
	});

	test(`is answered or dropped, whatever bytes of it are changed (${MUTATIONS} requests)`, async () => {
		const odd: string[] = [];
		const seen = new Map<number, number>();
		await many(MUTATIONS, async () => {
			const bytes = mutated(bytesOf(anyOf(goodRequests)));
			const answer = await converse(service.port, { pieces: cut(bytes), enough: ended, patience: 100, finish: true });
			for (const status of answer.statuses) seen.set(status, (seen.get(status) ?? 0) + 1);
			if (undeclared(answer)) odd.push(`${JSON.stringify(bytes.toString("latin1"))}: ${answer.text.slice(0, 300)}`);
		});
		const told = [...seen].sort(([a], [b]) => a - b).map(([status, count]) => `${status} × ${count}`);
		say(`${MUTATIONS} requests with changed bytes: ${told.join(", ")}, the rest dropped`);
		expect(odd).toEqual([]);
		await service.expectSound();
	});
});

/** Some bytes replaced, removed, doubled or put in, or a piece of it repeated. */
function mutated(bytes: Buffer): Buffer {
	let changed = Buffer.from(bytes);
	for (let times = 1 + below(4); times > 0; times--) {
		const at = below(changed.length);
		const [before, after] = [changed.subarray(0, at), changed.subarray(at)];
		const special = Buffer.from(
			anyOf(["\r\n", "\n", "\r", "\0", " ", ":", ",", "\xff", "%", '"', "0", "{", "\t", "\r\n\r\n"]),
			"latin1",
		);
		const random = Buffer.from([below(256)]);
		changed = Buffer.concat(
			[
				[before, random, after.subarray(1)],
				[before, special, after],
				[before, after.subarray(1 + below(10))],
				[before, after.subarray(0, 20), after],
				[before],
			][below(5)] ?? [],
		);
		if (changed.length === 0) return Buffer.from("x");
	}
	return changed;
}

/** What takes long to be read or to be answered, so that there is much to be broken off. */
const breakable: readonly (() => Buffer)[] = [
	() => bytesOf(anyOf(goodRequests)),
	() => Buffer.concat([bytesOf(anyOf(goodRequests)), bytesOf(anyOf(goodRequests)), bytesOf(anyOf(goodRequests))]),
	() => bytesOf({ line: "GET /1/streams?page_size=1000 HTTP/1.1", headers: [["Host", "127.0.0.1"]], body: "" }),
	() => bytesOf({ line: "GET /docs/spec HTTP/1.1", headers: [["Host", "127.0.0.1"]], body: "" }),
	() => {
		const body = '{"filters":{"names":["nobody"]},"limit":1}';
		const headers: [string, string][] = [
			["Host", "127.0.0.1"],
			["Content-Type", "application/json"],
			["Content-Length", String(body.length)],
		];
		return bytesOf({ line: "POST /1/streams/processing/queue?wait=5 HTTP/1.1", headers, body });
	},
	() => Buffer.concat([upgrade(), anyOf(Object.values(frames))]),
];

/** Sends up to a random byte, and is gone at a random moment, with a word (FIN) or without (RST). */
function abort(): Promise<void> {
	const bytes = anyOf(breakable)();
	const sent = random() < 0.5 ? bytes : bytes.subarray(0, below(bytes.length));
	const [moment, reset] = [random() * 30, random() < 0.5];
	return new Promise((resolve) => {
		const socket = hostileSocket(service.port);
		if (random() < 0.5) socket.resume();
		socket.on("close", () => resolve());
		socket.on("connect", () => {
			socket.write(sent);
			setTimeout(() => {
				if (reset) socket.resetAndDestroy();
				else socket.destroy();
			}, moment);
		});
	});
}

describe("clients that go in the middle", () => {
	test(
		`leave nothing behind (${ABORTS} of them)`,
		async () => {
			// What is made once, and what the first of them cost, is there from now on.
			await many(ABORTS / 2, abort);
			await sleep(500);
			const before = await service.held();
			await many(ABORTS, abort);
			const back = performance.now();
			// Streams that were taken for a client that is gone come back, so that the queue is as long as it was.
			await eventually(async () => (await service.client().metric("perigee_queue_waiters")) === 0, {
				timeoutMs: 10_000,
			});
			await service.expectSound();
			// A connection that the other end has given up may take its time to be noticed, and its answer with it.
			let after = await service.held();
			while (after.handles > before.handles + 4 && performance.now() - back < FREED) after = await service.held();
			const freed = ((performance.now() - back) / 1_000).toFixed(1);
			say(`${ABORTS} aborts: ${compared(before, after)}, within ${freed} s`);
			expect(after.heap).toBeLessThan(before.heap * 1.1);
			expect(after.resident).toBeLessThan(before.resident * 1.1);
			expect(after.handles).toBeLessThan(before.handles + 5);
		},
		FREED + 300_000,
	);

	test("leave every log a path of the lifecycle", async () => {
		const logs = await allLogs(service.client());
		expect(logs.size).toBeGreaterThan(20);
		const broken = [...logs].map(([id, log]) => [id, explainLogPath(log)]).filter(([, why]) => why !== null);
		expect(broken).toEqual([]);
	});
});
