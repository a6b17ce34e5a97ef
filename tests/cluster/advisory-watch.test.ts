import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, onTestFinished, type TestContext, test } from "vitest";
import { AdvisoryWatch } from "../../actors/cluster/advisory-watch.ts";
import { EVERY_SHARD, type Leases } from "../../actors/cluster/cluster.ts";
import { AdvisoryWatchLock } from "../../persistence/advisory-watch.ts";
import { RunningPart } from "../../persistence/service.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { ownTime } from "../support/own-time.ts";
import { describeWithRedis, startRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { stressService } from "../support/stress-service.ts";
import { evenlySpread, startNodes } from "./nodes.ts";

/** Leases that come and go as a test says. */
class Given extends RunningPart implements Leases {
	readonly name = "leases";
	available = false;
	readonly #listeners = new Set<(available: boolean) => void>();

	held(): readonly number[] {
		return this.available ? [1, 2, 3] : [];
	}

	onChange(listener: (available: boolean) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	set(available: boolean): void {
		this.available = available;
		for (const listener of this.#listeners) listener(available);
	}

	protected override async onStart(): Promise<void> {}

	protected override async onStop(): Promise<void> {}
}

const log = { info: () => undefined };

let database: FreshDatabase;
beforeAll(async () => {
	database = await freshDatabase();
});
afterAll(() => database.drop());

function make(url = database.url): { watch: AdvisoryWatch; leases: Given } {
	const leases = new Given();
	return { leases, watch: new AdvisoryWatch({ leases, lock: new AdvisoryWatchLock(url), log }) };
}

async function start(url?: string, finished = onTestFinished) {
	const made = make(url);
	finished(() => made.watch.stop());
	await made.watch.start();
	return made;
}

/** The same, of nodes with a database of their own: tests that wait for it do so side by side. */
async function apart({ onTestFinished }: TestContext) {
	const { url, drop } = await freshDatabase();
	onTestFinished(drop);
	return { url, start: (way = url) => start(way, onTestFinished) };
}

test("a watch lock that is let go while it is asked for leaves no error that nobody waits for", async () => {
	// Vitest fails for one.
	const lock = new AdvisoryWatchLock(database.url);
	await lock.start();
	for (let moment = 0; moment < 40; moment++) {
		const asked = lock.hold().catch(() => false);
		await sleep(moment / 2);
		await lock.letGo();
		await asked;
	}
	await lock.stop();
});

describe("while leases cannot be had", () => {
	test.concurrent("one node watches all shards and goes on doing so, the others none", async (context) => {
		const { start } = await apart(context);
		const [a, b] = [await start(), await start()];
		for (let round = 0; round < 3; round++) {
			expect(await a.watch.shards()).toEqual(EVERY_SHARD);
			expect(await b.watch.shards()).toEqual([]);
		}
	});

	test.concurrent("when that node stops, another takes over", async (context) => {
		const { start } = await apart(context);
		const [a, b] = [await start(), await start()];
		expect(await a.watch.shards()).toEqual(EVERY_SHARD);
		await a.watch.stop();
		await eventually(async () => (await b.watch.shards()).length === EVERY_SHARD.length);
	});

	test.concurrent("when that node asks no more, the database takes the lock from it", async (context) => {
		const { start } = await apart(context);
		const [a, b] = [await start(), await start()];
		expect(await a.watch.shards()).toEqual(EVERY_SHARD);
		await eventually(async () => (await b.watch.shards()).length === EVERY_SHARD.length, { timeoutMs: 8_000 });
		// Its next question meets a session that is gone, and the one after it another holder.
		await a.watch.shards().catch(() => []);
		expect(await a.watch.shards()).toEqual([]);
	});

	test.concurrent("when they come back, what is held is watched, and the lock is free", async (context) => {
		const { start } = await apart(context);
		const [a, b] = [await start(), await start()];
		expect(await a.watch.shards()).toEqual(EVERY_SHARD);
		a.leases.set(true);
		expect(await a.watch.shards()).toEqual([1, 2, 3]);
		await eventually(async () => (await b.watch.shards()).length === EVERY_SHARD.length);
		a.leases.set(false);
		expect(await a.watch.shards()).toEqual([]);
	});

	test.concurrent("a database that is away is Fault 39905, within 3 s if it is silent, and it is asked anew", async (context) => {
		const { url: own, start } = await apart(context);
		const { hostname, port } = new URL(own);
		const proxy = new FaultProxy({ host: hostname, port: Number(port) });
		await proxy.start();
		context.onTestFinished(() => proxy.stop());
		const url = new URL(own);
		url.hostname = "127.0.0.1";
		url.port = String(proxy.port);
		const { watch } = await start(url.href);
		expect(await watch.shards()).toEqual(EVERY_SHARD);
		proxy.blackHole();
		const began = ownTime();
		await expect(watch.shards()).rejects.toMatchObject({ code: 39905 });
		expect(ownTime() - began).toBeLessThan(3_000);
		proxy.heal();
		await eventually(async () => (await watch.shards()).length === EVERY_SHARD.length, { timeoutMs: 8_000 });
	});
});

test("while leases can be had the database is not asked", async () => {
	const { watch, leases } = await start("postgres://nobody@127.0.0.1:1/none");
	leases.set(true);
	expect(await watch.shards()).toEqual([1, 2, 3]);
});

test("the watch starts and stops in any order, and leaves no session", async () => {
	await stressService(() => make().watch);
	const { watch } = await start();
	await watch.shards();
	await watch.stop();
	const sql = postgres(database.url, { max: 1 });
	onTestFinished(() => sql.end());
	await eventually(async () => {
		const rows = await sql`SELECT FROM pg_stat_activity WHERE application_name = 'perigee watch'`;
		return rows.length === 0;
	});
});

describeWithRedis("several nodes whose Redis goes", () => {
	test("share the shards with Redis; without it one has them all; with it again they share them", async () => {
		const redis = await startRedis();
		onTestFinished(() => redis.stop());
		const nodes = await startNodes(redis.url, 2, { databaseUrl: database.url });
		onTestFinished(async () => {
			await Promise.all(nodes.map((node) => node.stop()));
		});
		const counts = async () => {
			const watched = await Promise.all(nodes.map((node) => node.cluster.watch.shards()));
			return watched.map((shards) => shards.length).sort((a, b) => a - b);
		};
		await eventually(() => evenlySpread(nodes));
		expect(await counts()).toEqual([128, 128]);
		await redis.crash();
		await eventually(async () => expect(await counts()).toEqual([0, 256]));
		await redis.restart();
		await eventually(() => evenlySpread(nodes));
		expect(await counts()).toEqual([128, 128]);
	});
});
