import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sql } from "../../persistence/database.ts";
import { takeStreams } from "../../persistence/streams/take.ts";
import { openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

let site: Site;

beforeAll(async () => {
	site = await openSite();
});

afterAll(async () => {
	await site.close();
});

/** The stream as its n-th PUT writes it. */
function definition(version: number) {
	const reference = `rtsp://camera.test/${version}`;
	return written({ reference, data: JSON.stringify({ type: "tcp", reference }) });
}

test("a take that a PUT overtakes shows the new version with its own definition", async () => {
	const { engine } = await site.node();
	const { stream_id } = await engine.create(definition(1));
	// The take stands still between its snapshot and its look at the first row.
	const slow = {
		unsafe: (text: string, ...rest: unknown[]) =>
			Reflect.apply(site.sql.unsafe, site.sql, [
				text.replace("t.status = 'pending'", "(SELECT pg_sleep(0.5)) IS NOT NULL AND t.status = 'pending'"),
				...rest,
			]),
	} as unknown as Sql;
	const taking = takeStreams(slow, {}, [{ limit: 10, agent_id: null }]);
	await expect.poll(() => site.sql`SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'`).toHaveLength(1);
	expect(await engine.recreate(stream_id, definition(2), null)).toMatchObject({ version: 2 });
	const taken = (await taking)[0]?.[0]?.row;
	expect(taken).toMatchObject({ stream_id, version: 2, status: "in_progress" });
	expect(JSON.parse(taken?.data ?? "null")).toMatchObject({ reference: "rtsp://camera.test/2" });
});

test("thousands of takers that come and are woken together all wait, and hold up nobody else", async () => {
	const { engine } = await site.node({
		alone: true,
		queue: { maxTake: 10, maxLook: 10, maxWaiters: 10_000, maxFilterBytes: 10_000_000 },
	});
	const takers = 2_500;
	const answers = Promise.all(Array.from({ length: takers }, () => engine.take(takeRequest({ limit: 1, wait: 30 }))));
	expect(engine.queue.waiting).toBe(takers);
	const groups = engine.listGroups({}, { page: 1, page_size: 1 });
	await Promise.all(Array.from({ length: takers }, () => engine.create(written())));
	await expect(groups).resolves.toEqual([]);
	const taken = (await answers).flat();
	expect(new Set(taken.map((stream) => stream.stream_id)).size).toBe(takers);
});

test("a waiter whose turn has not come is answered when its time is over, and when the service stops", async () => {
	const node = await site.node({
		alone: true,
		queue: { maxTake: 10, maxLook: 10, maxWaiters: 10_000, maxFilterBytes: 10_000_000 },
	});
	const release = await heldUp(node.database);
	const short = Array.from({ length: 20 }, () => node.engine.take(takeRequest({ limit: 1, wait: 0.2 })));
	const long = Array.from({ length: 20 }, () => node.engine.take(takeRequest({ limit: 1, wait: 30 })));
	// Those whose statement is under way are answered after it; all others must not wait for it.
	for (const answer of short.slice(10)) expect(await answer).toEqual([]);
	const draining = node.engine.drain();
	for (const answer of long.slice(10)) expect(await answer).toEqual([]);
	release();
	await Promise.all([...short, ...long, draining]);
});

/** Statements of takes wait until the answer is called. */
async function heldUp(database: { run: unknown }): Promise<() => void> {
	let release: () => void = () => undefined;
	const held = new Promise<void>((resolve) => {
		release = resolve;
	});
	const run = database.run as (...all: unknown[]) => Promise<unknown>;
	database.run = async (...all: unknown[]) => {
		await held;
		return Reflect.apply(run, database, all);
	};
	return release;
}
