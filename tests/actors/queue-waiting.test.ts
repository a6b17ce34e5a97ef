import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import { Queue } from "../../actors/queue.ts";
import type { StreamEngine } from "../../actors/stream-engine.ts";
import { ownTime } from "../support/own-time.ts";
import { deferred, eventually } from "../support/signals.ts";
import { ACCOUNT, type Node, openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

let site: Site;
let node: Node;
let engine: StreamEngine;

beforeAll(async () => {
	site = await openSite();
	node = await site.node({
		alone: true,
		obsoleting: { period: 0.5, interval: 0.1 },
		queue: { maxTake: 100, maxLook: 100, maxWaiters: 20, maxFilterBytes: 4_000 },
	});
	engine = node.engine;
	// The grace of the first node's start is over.
	await eventually(async () => {
		const [row] = await site.sql<
			{ over: boolean }[]
		>`SELECT grace_time < now() AND grace_time > '-infinity' AS over FROM supervision`;
		return row?.over === true && !engine.supervisor.inGrace;
	});
});
beforeEach(async () => {
	await site.sql`TRUNCATE streams, stream_states, stream_groups, groups, stream_logs`;
});
afterAll(() => site.close());

/** Milliseconds in which a waiter sees what became takeable; the rest is for a machine with other things to do, and still below the second of the next look. */
const SOON = 100;
const BUSY = 600;

async function make(members: Parameters<typeof written>[0] = {}): Promise<string> {
	return (await engine.create(written(members))).stream_id;
}

async function takeAll(): Promise<void> {
	await engine.take(takeRequest());
}

interface Waiting {
	answer: Promise<string[]>;
	abort(): void;
}

/** A taker that has looked, found nothing, and waits. */
async function waiter(members: Parameters<typeof takeRequest>[0] = {}, on = engine): Promise<Waiting> {
	const controller = new AbortController();
	const { waiting, takes } = on.queue;
	const answer = on
		.take(takeRequest({ wait: 20, signal: controller.signal, ...members }))
		.then((rows) => rows.map((row) => row.stream_id));
	answer.catch(() => undefined);
	await eventually(() => on.queue.waiting === waiting + 1 && on.queue.takes > takes);
	return { answer, abort: () => controller.abort() };
}

async function seenSoon(stream_id: string, waiting: Waiting, happened: () => Promise<unknown>): Promise<void> {
	await happened();
	const begin = ownTime();
	expect(await waiting.answer).toEqual([stream_id]);
	expect(ownTime() - begin).toBeLessThan(SOON + BUSY);
}

describe("a waiter sees a stream that becomes takeable for it within 100 ms", () => {
	test("created", async () => {
		const waiting = await waiter();
		await seenSoon(await make(), waiting, async () => undefined);
	});

	test("resumed by a patched pending", async () => {
		const stream_id = await make({ status: "pause" });
		await seenSoon(stream_id, await waiter(), () => engine.patch(stream_id, { status: "pending" }, null));
	});

	test("created anew by a PUT", async () => {
		const stream_id = await make({ status: "pause" });
		await seenSoon(stream_id, await waiter(), () => engine.recreate(stream_id, written(), null));
	});

	test("restarted by its autorestart", async () => {
		const stream_id = await make({ restart: 1 });
		await takeAll();
		await engine.feedback([{ stream_id, version: 1, status: "failure" }], null);
		await seenSoon(stream_id, await waiter(), async () => {
			await site.sql`UPDATE stream_states SET restart_time = now()`;
			await eventually(async () => (await site.log(stream_id)).includes("restart"));
		});
	});

	test("without its handler", async () => {
		const stream_id = await make();
		await takeAll();
		await seenSoon(stream_id, await waiter(), () =>
			eventually(async () => (await site.log(stream_id)).includes("handler_lost")),
		);
	});

	test("given back by its agent", async () => {
		const stream_id = await make();
		await takeAll();
		await seenSoon(stream_id, await waiter(), async () =>
			engine.feedback([{ stream_id, version: 1, status: "handler_lost" }], null),
		);
	});

	test("attached to its group", async () => {
		const { group_id } = await engine.createGroup({ account_id: ACCOUNT, group_name: "north", description: "" });
		const stream_id = await make();
		await seenSoon(stream_id, await waiter({ filters: { group_names: ["north"] } }), () =>
			engine.link({ action: "attach", stream_ids: [stream_id], group_id, account_id: null }),
		);
	});

	test("of the queue that another node filled: within 1.5 s, though no message tells of it", async () => {
		const other = await site.node();
		const waiting = await waiter({}, other.engine);
		const stream_id = await make();
		const begin = ownTime();
		expect(await waiting.answer).toEqual([stream_id]);
		expect(ownTime() - begin).toBeLessThan(1_500);
		await other.stop();
	});

	test("created at the very moment at which it looked", async () => {
		for (let round = 0; round < 40; round++) {
			const begin = ownTime();
			const answer = engine.take(takeRequest({ wait: 20 }));
			const [taken, stream_id] = await Promise.all([answer, make()]);
			expect(taken.map((row) => row.stream_id)).toEqual([stream_id]);
			expect(ownTime() - begin).toBeLessThan(SOON + BUSY);
			// Periods are short here: in a later round it would come back as one that lost its handler.
			await engine.remove(stream_id, null);
		}
	});
});

describe("a waiter whose own look is slow", () => {
	test("sees what became takeable behind its back as soon as that look has ended", async () => {
		const asked = deferred();
		const go = deferred();
		let statements = 0;
		const slow = Object.create(node.database) as Node["database"];
		slow.run = async (lane, statement) => {
			const first = ++statements === 1;
			const rows = await node.database.run(lane, statement);
			if (!first) return rows;
			asked.resolve();
			await go.promise;
			return rows;
		};
		const own = new Queue({
			database: slow,
			registry: engine.registry,
			bus: node.cluster.bus,
			clock: systemClock,
			maxTake: 10,
			maxWaiters: 10,
			maxFilterBytes: 1_000,
			log: { warn: () => undefined },
		});
		await own.start();
		const answer = own.take(takeRequest({ wait: 20 }));
		await asked.promise;
		const controller = new AbortController();
		const filters = { names: ["nowhere"] };
		const beside = own.take(takeRequest({ wait: 20, filters, signal: controller.signal }));
		await eventually(() => own.takes === 1);
		const before = statements;
		const stream_id = await make();
		// The message has come, and the queue has looked for the other one while this one was at it.
		await eventually(() => statements > before);
		const begin = ownTime();
		go.resolve();
		expect((await answer).map((row) => row.stream_id)).toEqual([stream_id]);
		expect(ownTime() - begin).toBeLessThan(SOON + BUSY);
		controller.abort();
		expect(await beside).toEqual([]);
		await own.stop();
	});
});

describe("waiters", () => {
	test("are woken in order of arrival, and no more than there are streams", async () => {
		const waiting = [];
		for (let i = 0; i < 5; i++) waiting.push(await waiter({ limit: 1, agent_id: `${i}` }));
		const { takes } = engine.queue;
		const [a, b] = await Promise.all([make(), make()]);
		const answers = await Promise.all([waiting[0]!.answer, waiting[1]!.answer]);
		expect(answers.flat().sort()).toEqual([a, b].sort());
		expect(engine.queue.takes - takes, "takes that two streams brought about").toBe(2);
		expect(engine.queue.waiting).toBe(3);
		for (const one of waiting) one.abort();
		for (const one of waiting.slice(2)) expect(await one.answer).toEqual([]);
	});

	test("of a group do not hold up those without a filter", async () => {
		const grouped = await waiter({ filters: { group_names: ["nowhere"] } });
		const any = await waiter();
		await seenSoon(await make(), any, async () => undefined);
		grouped.abort();
		expect(await grouped.answer).toEqual([]);
	});

	test("get an empty answer when their time is over", async () => {
		const [asked, begin] = [performance.now(), ownTime()];
		const taken = await engine.take(takeRequest({ wait: 0.3 }));
		expect(taken).toEqual([]);
		expect(performance.now() - asked).toBeGreaterThan(295);
		expect(ownTime() - begin).toBeLessThan(900);
		expect(engine.queue.waiting).toBe(0);
	});

	test("whose connection is gone take nothing more", async () => {
		const waiting = await waiter();
		waiting.abort();
		expect(await waiting.answer).toEqual([]);
		expect(engine.queue.waiting).toBe(0);
		const stream_id = await make();
		const gone = AbortSignal.abort();
		expect(await engine.take(takeRequest({ wait: 5, signal: gone }))).toEqual([]);
		expect((await engine.get(stream_id, null)).status).toBe("pending");
	});

	test("beyond MAX_WAITERS are refused with 39905", async () => {
		const waiting: Waiting[] = [];
		for (let i = 0; i < 20; i++) waiting.push(await waiter());
		await expect(engine.take(takeRequest({ wait: 1 }))).rejects.toMatchObject({ code: 39905 });
		expect(await engine.take(takeRequest()), "without wait there is always an answer").toEqual([]);
		for (const one of waiting) one.abort();
		for (const one of waiting) expect(await one.answer).toEqual([]);
	});

	test("whose filters leave no room for those of another keep it from waiting, with 39905, and nobody else", async () => {
		const many = { names: Array.from({ length: 60 }, (_, at) => `nowhere-${at}`) };
		const large = await waiter({ filters: many });
		await expect(engine.take(takeRequest({ wait: 1, filters: many }))).rejects.toMatchObject({ code: 39905 });
		expect(await engine.take(takeRequest({ filters: many })), "without wait there is always an answer").toEqual([]);
		const beside = [large, await waiter({ filters: { names: ["door"] } }), await waiter()];
		for (const one of beside) one.abort();
		for (const one of beside) expect(await one.answer).toEqual([]);
		const next = await waiter({ filters: many });
		next.abort();
		expect(await next.answer).toEqual([]);
	});

	test("may be one alone with filters of any size", async () => {
		const one = await waiter({ filters: { names: Array.from({ length: 1_000 }, (_, at) => `nowhere-${at}`) } });
		one.abort();
		expect(await one.answer).toEqual([]);
	});

	test("are answered at once when the node shuts down, and nothing is taken after that", async () => {
		const other = await site.node();
		const waiting = [await waiter({}, other.engine), await waiter({}, other.engine)];
		const begin = ownTime();
		await other.engine.drain();
		expect(ownTime() - begin).toBeLessThan(500);
		for (const one of waiting) expect(await one.answer).toEqual([]);
		await expect(other.engine.take(takeRequest())).rejects.toMatchObject({ code: 39905 });
		const stream_id = await make();
		await other.stop();
		expect((await engine.get(stream_id, null)).status).toBe("pending");
	});
});
