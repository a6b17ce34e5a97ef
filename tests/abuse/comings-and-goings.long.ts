import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Registry } from "../../actors/registry.ts";
import { DEFAULT_POLICY } from "../../machines/policy.ts";
import { createStreamMachine } from "../../machines/stream-machine.ts";
import { openSite, type Site } from "../actors/engine-fixture.ts";
import { fillQueue } from "../actors/stored-queue.ts";
import { either, long, say } from "../chaos/rounds.ts";
import { PageSocket } from "../console-gateway/page-socket.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { eventually } from "../support/signals.ts";
import { AbusedService, compared } from "./abused-service.ts";

const PAGES = either(300, 10_000);
const AT_ONCE = 50;
const STREAMS = either(5_000, 20_000);
const POOL = 8;
const COMINGS = either(50_000, 1_000_000);

describe(`${PAGES} pages come and go`, () => {
	let service: AbusedService;
	const ids: string[] = [];
	const seed = newSeed();
	const random = seededRandom(seed);
	beforeAll(async () => {
		console.log(`pages come and go: seed ${seed}`);
		service = await AbusedService.start();
		const api = service.client();
		for (let each = 0; each < 50; each++) ids.push(await api.create(streamBody({ name: `stream ${each}` })));
	});
	afterAll(() => service?.end());

	/** Looks at everything there is to look at, and is gone: with a word or without, sooner or later. */
	async function visit(): Promise<void> {
		const page = await PageSocket.open(service.url);
		const stream_id = ids[Math.floor(random() * ids.length)] ?? "";
		page.say({ op: "streams", sub: 1, filter: random() < 0.5 ? {} : { words: ["stream"] }, order: "newest" });
		page.say({ op: "watch", sub: 1, stream_ids: ids });
		page.say({ op: "stream", sub: 2, stream_id });
		page.say({ op: "counts", sub: 3 });
		page.say({ op: "logs", sub: 4, filter: { stream_ids: [stream_id] } });
		page.say({ op: "queue", sub: 5 });
		page.say({ op: "nodes", sub: 6 });
		page.say({ op: "pictures", streams: [{ stream_id, rate: "live" }] });
		if (random() < 0.7) await page.next("snapshot");
		if (random() < 0.3) page.say({ op: "end", sub: 1 });
		if (random() < 0.5) page.socket.close();
		else page.socket.terminate();
		await page.ended();
	}

	async function visits(count: number): Promise<void> {
		let left = count;
		await Promise.all(
			Array.from({ length: AT_ONCE }, async () => {
				while (left-- > 0) await visit();
			}),
		);
		const api = service.client();
		await eventually(async () => (await api.metric("perigee_console_sockets")) === 0, { timeoutMs: 20_000 });
	}

	test("and leave no handle, no topic and no memory", async () => {
		await visits(Math.max(200, PAGES / 5));
		const before = await service.held();
		await visits(PAGES);
		const after = await service.held();
		const api = service.client();
		// Lists are kept for a minute, for pages that come back.
		if (long)
			await eventually(async () => (await api.metric("perigee_console_view_bytes")) === 0, { timeoutMs: 90_000 });
		// Nobody is told anything any more, whatever happens.
		const frames = await api.metric("perigee_console_frames_total");
		for (let each = 0; each < 20; each++) await api.create(streamBody());
		expect(await api.metric("perigee_console_frames_total")).toBe(frames);
		say(`${PAGES} pages came and went: ${compared(before, after)}`);
		expect(after.handles).toBeLessThanOrEqual(before.handles + 3);
		expect(after.heap).toBeLessThan(before.heap * 1.05);
		await service.expectSound();
	}, 600_000);
});

describe(`${COMINGS} actors come and go`, () => {
	let site: Site;
	beforeAll(async () => {
		site = await openSite();
	});
	afterAll(() => site?.close());

	setFlagsFromString("--expose-gc");
	const collect: unknown = runInNewContext("gc");
	function heap(): number {
		if (typeof collect === "function") for (let times = 0; times < 3; times++) collect();
		return process.memoryUsage().heapUsed;
	}

	test("and leave no handle and no memory", async () => {
		const { database } = await site.node({}, POOL);
		await fillQueue(site.sql, STREAMS);
		const ids = (await site.sql<{ stream_id: string }[]>`SELECT stream_id FROM streams`).map((row) => row.stream_id);
		let now = performance.now();
		let dropped = 0;
		const registry = new Registry({
			database,
			machine: createStreamMachine(DEFAULT_POLICY),
			clock: { monotonic: () => now, wall: Date.now },
			alone: true,
			maxResident: 100_000,
			idleAfter: 1_000,
			onReady: () => undefined,
			onDrop: () => void dropped++,
		});
		/** All of them come, some are spoken to, and all go, by being idle. */
		const round = async () => {
			for (let from = 0; from < STREAMS; from += 1_000) await registry.ensure(ids.slice(from, from + 1_000));
			expect(registry.size).toBe(STREAMS);
			const spoken = ids.slice(0, 50);
			await Promise.all(
				spoken.map((id) => registry.submit(id, { event: { type: "patch", status: "pending" }, fresh: true })),
			);
			now += 2_000;
			for (let sweeps = 0; sweeps <= STREAMS / 5_000 + 1; sweeps++) registry.sweep();
			expect(registry.size).toBe(0);
		};
		await round();
		await round();
		const before = { heap: heap(), handles: process.getActiveResourcesInfo().length };
		dropped = 0;
		while (dropped < COMINGS) await round();
		const after = { heap: heap(), handles: process.getActiveResourcesInfo().length };
		const megabytes = (bytes: number) => (bytes / 1_048_576).toFixed(1);
		say(
			`${dropped} actors came and went: heap ${megabytes(before.heap)} → ${megabytes(after.heap)} MiB, handles ${before.handles} → ${after.handles}`,
		);
		expect(after.heap).toBeLessThan(before.heap * 1.05);
		// The database's connections open as they are needed.
		expect(after.handles).toBeLessThanOrEqual(before.handles + POOL);
	}, 900_000);
});
