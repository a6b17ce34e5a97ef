import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Clock } from "../../actors/clock.ts";
import { Registry } from "../../actors/registry.ts";
import type { StreamEngine } from "../../actors/stream-engine.ts";
import { DEFAULT_POLICY } from "../../machines/policy.ts";
import { createStreamMachine } from "../../machines/stream-machine.ts";
import { someoneWaits } from "../support/lock-wait.ts";
import { deferred } from "../support/signals.ts";
import { type Node, openSite, type Site, takeRequest, written } from "./engine-fixture.ts";
import { fillQueue } from "./stored-queue.ts";

let site: Site;
let node: Node;

beforeAll(async () => {
	site = await openSite();
	node = await site.node();
});
afterAll(() => site.close());

/** A clock that stands still until it is moved. */
class MovedClock implements Clock {
	#now = performance.now();
	monotonic(): number {
		return this.#now;
	}
	wall(): number {
		return Date.now();
	}
	pass(milliseconds: number): void {
		this.#now += milliseconds;
	}
}

function newRegistry(options: { clock?: Clock; maxResident?: number; database?: Node["database"] } = {}): Registry {
	return new Registry({
		database: node.database,
		machine: createStreamMachine(DEFAULT_POLICY),
		clock: new MovedClock(),
		alone: true,
		maxResident: 100_000,
		idleAfter: 1_000,
		onReady: () => undefined,
		onDrop: () => undefined,
		...options,
	});
}

async function stored(count: number): Promise<string[]> {
	await site.sql`TRUNCATE streams, stream_states`;
	await fillQueue(site.sql, count);
	return (await site.sql<{ stream_id: string }[]>`SELECT stream_id FROM streams`).map((row) => row.stream_id);
}

describe("resident actors", () => {
	test("are loaded by one statement for all that are asked for in the same turn", async () => {
		const ids = await stored(500);
		const registry = newRegistry();
		await Promise.all(ids.map((id) => registry.ensure([id])));
		expect([registry.size, registry.loads]).toEqual([500, 1]);
		expect(await registry.ensure(["7f000000-0000-4000-8000-000000000000", ids[0]!])).toEqual(
			new Set(["7f000000-0000-4000-8000-000000000000"]),
		);
	});

	test("that nobody uses are let go, those in use stay; a sweep looks at a bounded number of them", async () => {
		const ids = await stored(12_000);
		const clock = new MovedClock();
		const registry = newRegistry({ clock });
		await registry.ensure(ids);
		clock.pass(2_000);
		const used = ids[17]!;
		await registry.submit(used, { event: { type: "patch", status: "pending" } });
		registry.sweep();
		expect(registry.size).toBeGreaterThanOrEqual(7_000);
		for (let i = 0; i < 3; i++) registry.sweep();
		expect(registry.size).toBe(1);
		expect(registry.peek(used)).toBeDefined();
	});

	test("are no more than maxResident", async () => {
		const ids = await stored(300);
		const registry = newRegistry({ maxResident: 50 });
		for (let from = 0; from < 300; from += 30) {
			await registry.ensure(ids.slice(from, from + 30));
			expect(registry.size).toBeLessThanOrEqual(50);
		}
	});

	test("with something not written yet are not let go", async () => {
		const ids = await stored(3);
		await site.sql`UPDATE stream_states SET status = 'in_progress', first_feedback_time = now(), feedback_time = now()`;
		const clock = new MovedClock();
		const registry = newRegistry({ clock, maxResident: 2 });
		await registry.ensure(ids.slice(0, 2));
		for (const id of ids.slice(0, 2)) registry.peek(id)!.keep('{"width":1}', clock.monotonic());
		clock.pass(5_000);
		registry.sweep();
		await registry.ensure([ids[2]!]);
		for (const id of ids.slice(0, 2)) expect(registry.peek(id)?.telemetry?.dirty).toBe(true);
	});

	test("a bodyful of feedback for more streams than may be resident is answered all the same", async () => {
		const { engine } = await site.node({ alone: true, maxResident: 20 });
		const ids = await stored(100);
		await engine.take(takeRequest());
		for (let round = 0; round < 2; round++) {
			const { modified } = await engine.feedback(
				ids.map((stream_id) => ({ stream_id, version: 1, status: "in_progress", video_info: "{}" })),
				null,
			);
			expect(modified.length).toBe(100);
		}
	});
});

describe("a copy that is no longer true", () => {
	test("an invalidation that arrives while a row is being loaded voids that load", async () => {
		const [id] = (await stored(1)) as [string];
		const read = deferred();
		const go = deferred();
		let loads = 0;
		const slow = Object.create(node.database) as Node["database"];
		slow.run = async (lane, statement) => {
			loads++;
			const rows = await node.database.run(lane, statement);
			if (loads > 1) return rows;
			read.resolve();
			await go.promise;
			return rows;
		};
		const registry = newRegistry({ database: slow });
		const loaded = registry.ensure([id]);
		await read.promise;
		await site.sql`UPDATE stream_states SET status = 'pause', revision = revision + 1`;
		registry.invalidate([id]);
		go.resolve();
		await loaded;
		expect(registry.peek(id)).toMatchObject({ status: "pause", revision: 2 });
		expect(loads).toBe(2);
	});

	test("cannot write: what it was asked for is evaluated again on the row", async () => {
		// A flush of the other node would find out as well.
		const [a, b] = [await site.node(), await site.node({ feedback: { flushInterval: 600, durability: "interval" } })];
		const { stream_id } = await a.engine.create(written());
		await a.engine.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
		for (const { engine } of [a, b]) await report(engine, stream_id, "in_progress");
		await report(a.engine, stream_id, "failure");
		await a.engine.patch(stream_id, { status: "pending" }, null);
		// The other node still has it in progress.
		expect(b.engine.registry.peek(stream_id)?.status).toBe("in_progress");
		const answer = await report(b.engine, stream_id, "done");
		expect(answer.unmodified).toEqual([{ stream_id, version: 1, status: "pending" }]);
		expect(b.engine.pipeline.counts.lost).toBe(1);
		expect(await site.log(stream_id)).toEqual(["pending", "in_progress", "failure", "pending"]);
	});

	test("does not refuse what the row allows", async () => {
		const [a, b] = [await site.node(), await site.node()];
		const { stream_id } = await a.engine.create(written({ data_type: "videofile" }));
		await a.engine.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
		await report(b.engine, stream_id, "in_progress");
		await report(a.engine, stream_id, "done");
		// On the old copy it were 39003.
		await b.engine.patch(stream_id, { status: "pause" }, null);
		expect((await a.engine.get(stream_id, null)).status).toBe("pause");
	});

	test("is not left behind by a change that ends after its actor was let go", async () => {
		const { engine } = await site.node({ alone: true });
		const { stream_id } = await engine.create(written());
		await engine.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
		await report(engine, stream_id, "in_progress");
		let done: Promise<unknown> = Promise.resolve();
		await site.sql.begin(async (transaction) => {
			await transaction`SELECT FROM stream_states WHERE stream_id = ${stream_id} FOR UPDATE`;
			done = report(engine, stream_id, "done");
			await someoneWaits(site.sql);
			engine.registry.invalidate([stream_id]);
			await engine.registry.ensure([stream_id]);
			expect(engine.registry.peek(stream_id)?.status).toBe("in_progress");
		});
		await done;
		expect((await report(engine, stream_id, "in_progress")).unmodified).toEqual([
			{ stream_id, version: 1, status: "done" },
		]);
	});
});

const report = async (engine: StreamEngine, stream_id: string, status: string) =>
	engine.feedback([{ stream_id, version: 1, status }], null);
