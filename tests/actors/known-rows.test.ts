import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StreamEngine } from "../../actors/stream-engine.ts";
import { getStreams } from "../../persistence/streams/get.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { ACCOUNT, openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

let site: Site;
let engine: StreamEngine;

beforeAll(async () => {
	site = await openSite();
	// A flush only when a test asks for one.
	({ engine } = await site.node({ alone: true, feedback: { flushInterval: 600, durability: "interval" } }));
});

afterAll(() => site.close());

const told = async (stream_id: string, members: object = {}) =>
	engine.feedback([{ stream_id, version: 1, status: "in_progress", ...members }], null);

async function live(): Promise<string> {
	const { stream_id } = await engine.create(written());
	await engine.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
	await told(stream_id);
	return stream_id;
}

describe("a read on a lone node", () => {
	test("asks the database once, and again when the stream has changed", async () => {
		const stream_id = await live();
		expect(engine.known(stream_id)).toBeUndefined();
		const row = await engine.get(stream_id, null);
		expect(engine.known(stream_id)?.row).toEqual(row);
		await engine.patch(stream_id, { description: "changed" }, null);
		expect(engine.known(stream_id)).toBeUndefined();
		expect((await engine.get(stream_id, null)).description).toBe("changed");
		expect(engine.known(stream_id)?.row.description).toBe("changed");
	});

	test("shows the newest that the agent said, written or not, and still when its actor is gone", async () => {
		const stream_id = await live();
		await engine.get(stream_id, null);
		await told(stream_id, { video_info: { width: 1 } });
		expect(engine.known(stream_id)?.video_info).toBe('{"width":1}');
		await engine.telemetry.flush();
		await told(stream_id, { video_info: { width: 2 } });
		expect(engine.known(stream_id)?.video_info).toBe('{"width":2}');
		engine.registry.invalidate([stream_id]);
		await engine.telemetry.flush();
		expect((await engine.get(stream_id, null)).video_info).toBe('{"width":2}');
	});

	test("does not remember what was read while a change was committed", async () => {
		const stream_id = await live();
		await Promise.all(
			Array.from({ length: 40 }, async (_, turn) => {
				await engine.get(stream_id, null);
				await engine.patch(stream_id, { description: `${turn}` }, null);
			}),
		);
		const { description } = await engine.get(stream_id, null);
		const [row] = await getStreams(site.sql, [stream_id]);
		expect(description).toBe(row?.description);
	});

	test("a node that is not alone knows none", async () => {
		const { engine: other } = await site.node();
		const { stream_id } = await other.create(written());
		await other.get(stream_id, null);
		expect(other.known(stream_id)).toBeUndefined();
	});

	test("is never older than the last answered write, whatever was done", async () => {
		const seed = newSeed();
		console.log(`known rows: seed ${seed}`);
		const random = seededRandom(seed);
		const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
		let groups = 0;
		const group = async () =>
			(await engine.createGroup({ account_id: ACCOUNT, group_name: `g${groups++}`, description: "" })).group_id;
		const group_ids = [await group(), await group()];
		// The group may be gone meanwhile.
		const link = (action: "attach" | "detach", id: string) =>
			engine.link({ action, stream_ids: [id], group_id: pick(group_ids), account_id: null }).catch(() => undefined);
		const ids = [await live(), await live(), await live()];
		const acts: ((stream_id: string) => Promise<unknown>)[] = [
			(id) => told(id, { video_info: { width: Math.floor(random() * 1_000) } }),
			(id) => told(id, { error: { error_code: Math.floor(random() * 3), desc: "", detail: "" } }),
			(id) => told(id, { preview: { live: { url: `http://127.0.0.1/${random()}` } } }),
			async (id) =>
				engine.feedback([{ stream_id: id, version: 1, status: pick(["done", "failure", "handler_lost"]) }], null),
			(id) => engine.patch(id, { description: `${random()}` }, null),
			(id) => engine.patch(id, { status: pick(["pending", "pause", "cancel"]) }, null).catch(() => undefined),
			(id) => engine.take(takeRequest({ filters: { stream_ids: [id] } })),
			(id) => link("attach", id),
			(id) => link("detach", id),
			async () => {
				const [gone] = group_ids.splice(0, 1);
				if (gone !== undefined && group_ids.length > 0) await engine.removeGroup(gone, null);
				group_ids.push(await group());
			},
			(id) => engine.get(id, null),
			async (id) => engine.registry.invalidate([id]),
		];
		for (let round = 0; round < 300; round++) {
			const stream_id = pick(ids);
			// The other two go on meanwhile.
			await Promise.all([pick(acts)(stream_id), engine.get(pick(ids), null), pick(acts)(pick(ids))]);
			await engine.telemetry.flush();
			for (const id of ids) {
				const { feedback_time: _, ...stored } = (await getStreams(site.sql, [id]))[0] ?? { feedback_time: null };
				const known = engine.known(id);
				if (known) expect({ ...known.row, video_info: known.video_info }, `round ${round}`).toMatchObject(stored);
				expect(await engine.get(id, null), `round ${round}`).toMatchObject(stored);
			}
		}
	}, 60_000);
});
