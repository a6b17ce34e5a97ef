import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StreamEngine } from "../../actors/stream-engine.ts";
import { Fault } from "../../persistence/fault.ts";
import { endsAt, explainLogPath } from "../support/log-path.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { type Node, openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

/** Faults that the lifecycle gives as answers; anything else thrown is a defect. */
const REFUSALS = new Set([39001, 39003, 39004, 39005]);

type Action = (engine: StreamEngine, id: string, version: number, random: () => number) => Promise<unknown>;

const report =
	(status: string, error?: boolean): Action =>
	async (engine, stream_id, version, random) =>
		engine.feedback(
			[
				{
					stream_id,
					version,
					status,
					...(error && { error: { error_code: Math.floor(random() * 3), desc: "e", detail: "" } }),
					...(random() < 0.3 && { video_info: `{"width":${Math.floor(random() * 100)}}` }),
				},
			],
			null,
		);

const ACTIONS: readonly Action[] = [
	report("in_progress"),
	report("in_progress", true),
	report("done"),
	report("failure", true),
	report("handler_lost"),
	(engine, id) => engine.patch(id, { status: "pause" }, null),
	(engine, id) => engine.patch(id, { status: "cancel" }, null),
	(engine, id) => engine.patch(id, { status: "pending" }, null),
	(engine, id, _, random) => engine.patch(id, { description: `d${random()}` }, null),
	(engine, id, _, random) =>
		engine.recreate(id, written({ status: random() < 0.5 ? "pending" : "pause", restart: 1 }), null),
	(engine, id) => engine.take(takeRequest({ filters: { stream_ids: [id] } })),
	(engine, id) => engine.take(takeRequest({ filters: { stream_ids: [id] } })),
	(engine, id) => engine.get(id, null),
];

describe("two commands of the same stream racing, in any interleaving", () => {
	let site: Site;
	let nodes: Node[];

	beforeAll(async () => {
		site = await openSite();
		// Three nodes that never hear of each other: every copy is stale most of the time.
		nodes = [await site.node(), await site.node(), await site.node()];
	});
	afterAll(() => site.close());

	test("the log is a path of the table, and the row is where the log ends", async () => {
		const seed = newSeed();
		console.log(`racing commands: seed ${seed}`);
		const random = seededRandom(seed);
		const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
		const streams: string[] = [];
		for (let i = 0; i < 30; i++)
			streams.push((await nodes[0]!.engine.create(written({ restart: 1, delay: 1 }))).stream_id);

		const act = async (): Promise<void> => {
			for (let turn = 0; turn < 60; turn++) {
				const id = pick(streams);
				const action = pick(ACTIONS);
				const { engine } = pick(nodes);
				try {
					const { version } = await engine.get(id, null);
					await action(engine, id, version, random);
				} catch (error) {
					if (!(error instanceof Fault) || !REFUSALS.has(error.code)) throw error;
				}
			}
		};
		await Promise.all(Array.from({ length: 24 }, act));

		for (const id of streams) {
			const log = await site.log(id);
			expect(explainLogPath(log), `seed ${seed}, stream ${id}: ${log.join(" ")}`).toBeNull();
			const row = await nodes[0]!.engine.get(id, null);
			expect(row.status, `seed ${seed}, stream ${id}: ${log.join(" ")}`).toBe(endsAt(log));
		}
		const lost = nodes.reduce((sum, node) => sum + node.engine.pipeline.counts.lost, 0);
		expect(lost, "no change ever met another one: nothing raced").toBeGreaterThan(0);
	});

	test("one of two PUTs at once gets version 2, the other version 3", async () => {
		const { stream_id } = await nodes[0]!.engine.create(written());
		const versions = await Promise.all(
			nodes.map(async ({ engine }) => (await engine.recreate(stream_id, written(), null)).version),
		);
		expect(versions.sort()).toEqual([2, 3, 4]);
	});

	test("of a pause and a done at once exactly one happens, and the other one is told", async () => {
		const [a, b] = nodes as [Node, Node, Node];
		for (let round = 0; round < 20; round++) {
			const { stream_id } = await a.engine.create(written());
			await a.engine.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
			const [answer] = await Promise.all([
				a.engine.feedback([{ stream_id, version: 1, status: "done" }], null),
				b.engine.patch(stream_id, { status: "pause" }, null),
			]);
			const log = await site.log(stream_id);
			// A pause after done is allowed: then both stand in the log, in that order.
			expect(log).toEqual(
				answer.modified.length === 1
					? ["pending", "in_progress", "done", "pause"]
					: ["pending", "in_progress", "pause"],
			);
			expect((await a.engine.get(stream_id, null)).status).toBe("pause");
		}
	});
});
