import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StreamEngine } from "../../actors/stream-engine.ts";
import { Fault } from "../../persistence/fault.ts";
import { ownTime } from "../support/own-time.ts";
import { type Node, openSite, type Site, takeRequest, written } from "./engine-fixture.ts";
import { fillQueue } from "./stored-queue.ts";

let site: Site;
let node: Node;
let engine: StreamEngine;

beforeAll(async () => {
	site = await openSite();
	node = await site.node({ alone: true, queue: { maxTake: 50, maxLook: 60, maxWaiters: 2, maxFilterBytes: 1_000 } });
	engine = node.engine;
});
beforeEach(async () => {
	await site.sql`TRUNCATE streams, stream_states, stream_groups, groups, stream_logs`;
});
afterAll(() => site.close());

const idsOf = (rows: readonly { stream_id: string }[]): string[] => rows.map((row) => row.stream_id);

async function make(members: Parameters<typeof written>[0] = {}): Promise<string> {
	return (await engine.create(written(members))).stream_id;
}

async function take(members: Parameters<typeof takeRequest>[0] = {}): Promise<string[]> {
	return idsOf(await engine.take(takeRequest(members)));
}

/** An agent that is told to come again, as it is on a machine that has much else to do, comes again: nothing was taken. */
function busy(error: unknown): null {
	if (error instanceof Fault && error.code === 39905) return null;
	throw error;
}

describe("the queue (contract, section 5)", () => {
	test("a stream is handed out once, whatever number of agents, nodes and connections ask at the same moment", async () => {
		const count = 20_000;
		await fillQueue(site.sql, count);
		const nodes = await Promise.all([site.node({ alone: false }), site.node({ alone: false })]);
		const handedOut: string[] = [];
		const taker = async (index: number): Promise<void> => {
			const { engine } = nodes[index % nodes.length]!;
			for (;;) {
				const calls = Array.from({ length: 16 }, () =>
					engine.take(takeRequest({ limit: 100, agent_id: `agent-${index}` })).catch(busy),
				);
				const answers = await Promise.all(calls);
				const taken = answers.flatMap((answer) => answer ?? []);
				handedOut.push(...idsOf(taken));
				if (taken.length === 0 && !answers.includes(null)) return;
			}
		};
		await Promise.all(Array.from({ length: 8 }, (_, index) => taker(index)));
		// What is locked at that moment is passed over: a last taker finds what no other one is at any more.
		await taker(0);
		expect(handedOut.length).toBe(count);
		expect(new Set(handedOut).size).toBe(count);
		const [row] = await site.sql<{ rows: number; records: number }[]>`
			SELECT (SELECT count(*) FROM stream_states WHERE status = 'in_progress' AND run = 1)::integer AS rows,
				(SELECT count(*) FROM stream_logs WHERE status = 'in_progress')::integer AS records`;
		expect(row).toEqual({ rows: count, records: count });
		for (const node of nodes) await node.stop();
	});

	test("takers that come together share statements, and what each gets is for its own agent", async () => {
		const streams = 300;
		await fillQueue(site.sql, streams);
		const before = engine.queue.takes;
		const agents = Array.from({ length: 12 }, (_, index) => (index % 3 > 0 ? `agent-${index}` : null));
		const answers = await Promise.all(agents.map((agent_id) => engine.take(takeRequest({ limit: 25, agent_id }))));
		// Two begin at once, and whoever came meanwhile has the third.
		expect(engine.queue.takes - before).toBe(3);
		expect(answers.map(({ length }) => length)).toEqual(agents.map(() => 25));
		for (const [index, agent_id] of agents.entries())
			expect(new Set(answers[index]?.map((row) => row.agent_id))).toEqual(new Set([agent_id]));
		expect(new Set(answers.flatMap(idsOf)).size).toBe(streams);
	});

	test("a taker who does not wait for streams does not wait for its turn either: 39905 after two seconds", async () => {
		const streams = 4;
		await fillQueue(site.sql, streams);
		const answered: string[] = [];
		const asks = (name: string) =>
			engine.take(takeRequest({ limit: 1 })).finally(() => {
				answered.push(name);
			});
		const { underWay } = await site.sql.begin(async (other) => {
			await other`LOCK TABLE stream_states IN ACCESS EXCLUSIVE MODE`;
			// Two statements at once, and no third; both are tried again for as long as they cannot have their locks.
			const underWay = [asks("first"), asks("second")];
			await expect(asks("third")).rejects.toMatchObject({ code: 39905 });
			expect(answered).toEqual(["third"]);
			return { underWay: Promise.all(underWay) };
		});
		expect(await underWay).toEqual([[expect.anything()], [expect.anything()]]);
		expect(await take()).toHaveLength(streams - 2);
	});

	test("all pending streams, oldest first; of those made in one moment in the order of their insertion", async () => {
		const made: string[] = [];
		for (let i = 0; i < 5; i++) made.push(await make());
		await make({ status: "pause" });
		const burst = await Promise.all(Array.from({ length: 30 }, () => make()));
		const taken = await take({ limit: 3 });
		expect(taken).toEqual(made.slice(0, 3));
		const rest = await take({ limit: 50 });
		expect(rest.slice(0, 2)).toEqual(made.slice(3));
		expect([...rest.slice(2)].sort()).toEqual([...burst].sort());
		expect(rest.slice(2), "one after the other, as they came in").toEqual(burst);
		expect(await take()).toEqual([]);
	});

	test("the answer of a take shows the streams as they are now", async () => {
		const stream_id = await make({ name: "north" });
		const [row] = await engine.take(takeRequest({ agent_id: "a-1" }));
		expect(row).toMatchObject({ stream_id, status: "in_progress", run: 1, version: 1, agent_id: "a-1", preview: null });
		expect(row).toEqual(await engine.get(stream_id, null));
		expect(row?.feedback_time).not.toBeNull();
		expect(await site.log(stream_id)).toEqual(["pending", "in_progress"]);
	});

	test("a look shows the same and takes nothing", async () => {
		const made = [await make(), await make()];
		expect(idsOf(await engine.look({}, 10))).toEqual(made);
		expect(idsOf(await engine.look({}, 1))).toEqual(made.slice(0, 1));
		expect((await engine.get(made[0]!, null)).status).toBe("pending");
	});

	test("one take gives at most MAX_TAKE, one look at most MAX_LOOK", async () => {
		await fillQueue(site.sql, 70);
		expect((await engine.look({}, 1_000)).length).toBe(60);
		expect((await take({ limit: 1_000 })).length).toBe(50);
		expect((await take({ limit: 1_000, wait: 1 })).length).toBe(20);
	});

	test("different filters combine with AND, values inside one with OR; what is not there is not an error", async () => {
		const north = await engine.createGroup({ account_id: written().account_id, group_name: "north", description: "" });
		const south = await engine.createGroup({ account_id: written().account_id, group_name: "south", description: "" });
		const a = await make({ name: "a", group_name: "north" });
		const b = await make({ name: "b", group_name: "south" });
		const c = await make({ name: "c" });
		const link = { action: "attach" as const, stream_ids: [a], account_id: null };
		await engine.link({ ...link, group_id: south.group_id });
		const unknown = "7f000000-0000-4000-8000-000000000000";
		const cases = [
			[{ stream_ids: [c, a, unknown] }, [a, c]],
			[{ names: ["b", "c", "x"] }, [b, c]],
			[{ group_ids: [north.group_id] }, [a]],
			[{ group_ids: [north.group_id, south.group_id, unknown] }, [a, b]],
			[{ group_names: ["south", "west"] }, [a, b]],
			[{ stream_ids: [a, c], names: ["a", "b"] }, [a]],
			[{ group_names: ["south"], group_ids: [north.group_id], names: ["a"], stream_ids: [a, b] }, [a]],
			[{ names: ["a"], stream_ids: [b] }, []],
			[{ names: [] }, []],
			[{}, [a, b, c]],
		] as const;
		for (const [filters, expected] of cases) {
			const asked = JSON.parse(JSON.stringify(filters));
			const taken = await engine.take(takeRequest({ filters: asked }));
			expect(idsOf(taken), JSON.stringify(filters)).toEqual(expected);
			expect(await take({ filters: asked }), `${JSON.stringify(filters)} again`).toEqual([]);
			await engine.giveBack(taken);
		}
	});
});

describe("a taken stream that nobody received", () => {
	test("goes back at once: handler_lost, restart, pending, and it can be taken again", async () => {
		const stream_id = await make();
		await engine.giveBack(await engine.take(takeRequest()));
		expect((await engine.get(stream_id, null)).status).toBe("pending");
		expect(await site.log(stream_id)).toEqual(["pending", "in_progress", "handler_lost", "restart", "pending"]);
		expect(await take()).toEqual([stream_id]);
	});

	test("goes back only when its run is still that one", async () => {
		const stream_id = await make();
		const first = await engine.take(takeRequest());
		await engine.giveBack(first);
		await engine.take(takeRequest());
		const log = await site.log(stream_id);
		await engine.giveBack(first);
		expect((await engine.get(stream_id, null)).status).toBe("in_progress");
		expect(await site.log(stream_id)).toEqual(log);
	});

	test("does not count as a lost handler, however often", async () => {
		const stream_id = await make();
		for (let i = 0; i < 8; i++) {
			expect(await take()).toEqual([stream_id]);
			await engine.giveBack([await engine.get(stream_id, null)]);
		}
		expect(await take()).toEqual([stream_id]);
	});
});

describe("a stream that lost its handler more than LOST_LIMIT times", () => {
	const lose = (stream_id: string) => engine.feedback([{ stream_id, version: 1, status: "handler_lost" }], null);

	test("is not takeable before its time, is shown in the queue all the same, and a patched pending frees it", async () => {
		const stream_id = await make();
		for (let i = 0; i < 6; i++) {
			expect(await take()).toEqual([stream_id]);
			await lose(stream_id);
		}
		expect(await take()).toEqual([]);
		expect(idsOf(await engine.look({}, 10))).toEqual([stream_id]);
		await engine.patch(stream_id, { status: "pending" }, null);
		expect(await take()).toEqual([stream_id]);
	});

	test("is takeable after 1 s, doubled each time", async () => {
		const stream_id = await make();
		await site.sql`UPDATE stream_states SET lost_count = 7`;
		await take();
		await lose(stream_id);
		const [held] = await site.sql<{ seconds: number }[]>`
			SELECT extract(epoch FROM takeable_time - (SELECT max(log_time) FROM stream_logs))::float8 AS seconds
			FROM stream_states`;
		expect(held?.seconds).toBe(4);
		await site.sql`UPDATE stream_states SET takeable_time = now() + interval '0.3 s'`;
		const [asked, begin] = [performance.now(), ownTime()];
		expect(await take({ wait: 5 })).toEqual([stream_id]);
		expect(performance.now() - asked).toBeGreaterThan(290);
		expect(ownTime() - begin).toBeLessThan(1_600);
	});
});
