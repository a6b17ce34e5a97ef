import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, onTestFinished, type TestContext, test } from "vitest";
import { SHARDS } from "../../actors/cluster/cluster.ts";
import type { RedisClusterOptions } from "../../actors/cluster/redis/redis-cluster.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { ownTime } from "../support/own-time.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../support/redis.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { eventually } from "../support/signals.ts";
import { type ClusterNode, evenlySpread, FIGURES, LEASE_TTL, movableClock, redisNode, startNodes } from "./nodes.ts";
import { lookAtWatch } from "./watched.ts";

/** Milliseconds. A notice that came through makes all of it quicker. */
const TTL = LEASE_TTL * 1_000;
/** What a busy machine may add. */
const SLACK = 300;

describeWithRedis("shard leases by way of Redis", () => {
	let redis: TestRedis;
	beforeAll(async () => {
		redis = await startRedis();
	});
	afterAll(() => redis.stop());

	let installations = 0;
	/** What a test needs of an installation of its own, so that they can wait for their TTLs side by side. */
	function installation({ onTestFinished }: TestContext) {
		const namespace = `leases ${installations++}`;
		const options = (more: NonNullable<Parameters<typeof redisNode>[1]> = {}) => ({ namespace, ...more });
		async function nodes(count: number): Promise<ClusterNode[]> {
			const some = await startNodes(redis.url, count, options());
			onTestFinished(async () => {
				await Promise.all(some.map((node) => node.stop()));
			});
			return some;
		}
		async function proxied(): Promise<FaultProxy> {
			const proxy = new FaultProxy({ port: redis.port });
			await proxy.start();
			onTestFinished(() => proxy.stop());
			return proxy;
		}
		/** A started node whose way to Redis leads through a proxy. */
		async function nodeBehind(proxy: FaultProxy, more: Partial<RedisClusterOptions> = {}): Promise<ClusterNode> {
			const node = redisNode(`redis://127.0.0.1:${proxy.port}`, options({ patience: 200, ...more }));
			onTestFinished(() => node.stop());
			await node.start();
			return node;
		}
		return { namespace, options, nodes, proxied, nodeBehind, onTestFinished };
	}

	/** A database that a node can be cut off from. */
	function reachable() {
		const listeners: (() => void)[] = [];
		return {
			available: true,
			onReturn: (listener: () => void) => void listeners.push(listener),
			tell: () => {
				for (const listener of listeners) listener();
			},
		};
	}

	test.concurrent("nodes know each other, and share out all shards evenly", async (context) => {
		const { nodes } = installation(context);
		const all = await nodes(3);
		await eventually(() => evenlySpread(all));
		await eventually(() => {
			for (const { cluster } of all)
				expect(cluster.membership.members().map((member) => member.node_id)).toEqual(["a", "b", "c"]);
		});
	});

	test.concurrent("a newcomer gets its share, and nothing else moves", async (context) => {
		const { nodes } = installation(context);
		const all = await nodes(2);
		await eventually(() => evenlySpread(all));
		const before = all.map((node) => new Set(node.held));
		const [newcomer] = await nodes(1);
		await eventually(() => evenlySpread([...all, newcomer!]));
		expect(newcomer!.held.length).toBe(Math.floor(SHARDS / 3));
		all.forEach((node, at) => {
			expect(node.held.every((shard) => before[at]!.has(shard))).toBe(true);
		});
	});

	test.concurrent("a node that stops says good-bye: the others have its shards without waiting for the TTL", async (context) => {
		const { nodes } = installation(context);
		const [first, ...rest] = await nodes(3);
		await eventually(() => evenlySpread([first!, ...rest]));
		await first!.stop();
		await eventually(() => evenlySpread(rest), { timeoutMs: TTL / 3 });
		for (const { cluster } of rest) expect(cluster.membership.members().length).toBe(2);
	});

	test.concurrent("the nodes of another installation in the same Redis are strangers", async (context) => {
		const { options, nodes, onTestFinished } = installation(context);
		const [node] = await nodes(1);
		const stranger = redisNode(redis.url, options({ namespace: "stranger" }));
		onTestFinished(() => stranger.stop());
		await stranger.start();
		expect([node!.held.length, stranger.held.length]).toEqual([SHARDS, SHARDS]);
	});

	test.concurrent("a node that is killed keeps its shards for the TTL; then others have them", async (context) => {
		const { options, proxied, nodeBehind, onTestFinished } = installation(context);
		const proxy = await proxied();
		const survivor = redisNode(redis.url, options());
		onTestFinished(() => survivor.stop());
		await survivor.start();
		const victim = await nodeBehind(proxy);
		await eventually(() => evenlySpread([survivor, victim]));
		proxy.blackHole();
		const [began, own] = [performance.now(), ownTime()];
		await eventually(() => survivor.held.length === SHARDS, { timeoutMs: 3 * TTL });
		expect(performance.now() - began).toBeGreaterThan(TTL / 2);
		expect(ownTime() - own).toBeLessThan((4 / 3) * TTL + SLACK);
		// And the one that is cut off no longer believed in them by then.
		expect(victim.held).toEqual([]);
		expect(victim.cluster.leases.available).toBe(false);
		expect(victim.cluster.membership.members()).toEqual([victim.cluster.membership.self]);
	});

	test.concurrent("a node that is cut off from the database leaves the watch to others, is still known, and gets its share back", async (context) => {
		const { options, nodes, onTestFinished } = installation(context);
		const database = reachable();
		const cut = redisNode(redis.url, options({ node_id: "cut", database }));
		onTestFinished(() => cut.stop());
		await cut.start();
		const rest = await nodes(2);
		await eventually(() => evenlySpread([cut, ...rest]));
		database.available = false;
		await eventually(() => evenlySpread(rest), { timeoutMs: 2 * TTL });
		expect([cut.held, cut.cluster.leases.available]).toEqual([[], true]);
		expect(rest[0]!.cluster.membership.members().length).toBe(3);
		database.available = true;
		database.tell();
		// At once, and not with the next sign of life.
		await eventually(() => evenlySpread([cut, ...rest]), { timeoutMs: TTL / 3 });
	});

	test.concurrent("when all are cut off nobody watches, and whoever is back first does", async (context) => {
		const { options, onTestFinished } = installation(context);
		const databases = [reachable(), reachable()];
		const all = databases.map((database, at) => redisNode(redis.url, options({ node_id: `${at}`, database })));
		onTestFinished(async () => {
			await Promise.all(all.map((node) => node.stop()));
		});
		for (const node of all) await node.start();
		await eventually(() => evenlySpread(all));
		for (const database of databases) database.available = false;
		await eventually(() => all.every(({ held }) => held.length === 0), { timeoutMs: 2 * TTL });
		databases[1]!.available = true;
		databases[1]!.tell();
		await eventually(() => all[1]!.held.length === SHARDS);
		expect(all[0]!.held).toEqual([]);
	});

	test.concurrent("a half-open connection is given up in time for the leases to be renewed on another", async (context) => {
		const { proxied, nodeBehind } = installation(context);
		const proxy = await proxied();
		// A third of it is left then: on a busy machine that has to be long.
		const leaseTtl = 3 * LEASE_TTL;
		const node = await nodeBehind(proxy, { patience: 5_000, leaseTtl });
		const told: boolean[] = [];
		node.cluster.leases.onChange((available) => told.push(available));
		const { accepted } = proxy;
		proxy.halfOpen();
		await eventually(() => proxy.accepted > accepted, { timeoutMs: 1_000 * leaseTtl });
		await sleep(500 * leaseTtl);
		expect([told, node.held.length]).toEqual([[], SHARDS]);
	});

	test.concurrent("joins, good-byes and cuts in any order: two never watch a shard for longer than the TTL, and nobody only after a cut", async (context) => {
		const { options, proxied, onTestFinished } = installation(context);
		const seed = newSeed();
		console.log(`a walk of joins and leaves: seed ${seed}`);
		const random = seededRandom(seed);
		const living = new Set<ClusterNode>();
		const proxies = new Map<ClusterNode, FaultProxy>();
		const first = redisNode(redis.url, options());
		onTestFinished(() => first.stop());
		await first.start();
		living.add(first);
		const watch = lookAtWatch(living);
		onTestFinished(watch.stop);
		for (let step = 0; step < 10; step++) {
			const others = [...proxies.keys()];
			const one = others[Math.floor(random() * others.length)];
			if (one === undefined || random() < 0.6) {
				const proxy = await proxied();
				const node = redisNode(`redis://127.0.0.1:${proxy.port}`, options({ patience: 200 }));
				onTestFinished(() => node.stop());
				living.add(node);
				proxies.set(node, proxy);
				await node.start();
			} else {
				if (random() < 0.5) proxies.get(one)!.blackHole();
				else await one.stop();
				proxies.delete(one);
			}
			if (random() < 0.5) await sleep(random() * 100);
		}
		const rest = [first, ...proxies.keys()];
		await eventually(() => evenlySpread(rest), { timeoutMs: 3 * TTL });
		expect(watch.longest.two).toBeLessThan(TTL + SLACK);
		expect(watch.longest.nobody).toBeLessThan((4 / 3) * TTL + SLACK);
	});

	test.concurrent("while all are well, a shard changes hands without a gap, and within a third of the TTL", async (context) => {
		const { options, nodes, onTestFinished } = installation(context);
		const living = new Set(await nodes(1));
		const watch = lookAtWatch(living);
		onTestFinished(watch.stop);
		for (let at = 0; at < 3; at++) {
			const newcomer = redisNode(redis.url, options());
			onTestFinished(() => newcomer.stop());
			// It takes its share before its start is over.
			living.add(newcomer);
			await newcomer.start();
		}
		await eventually(() => evenlySpread([...living]));
		expect(watch.longest.nobody).toBe(0);
		expect(watch.longest.two).toBeLessThan(TTL / 3 + SLACK);
	});

	test.concurrent("a lease that has not been renewed for the TTL is not believed in, whatever has had time to run since", async (context) => {
		const { options, onTestFinished } = installation(context);
		const clock = movableClock();
		const node = redisNode(redis.url, options({ clock }));
		onTestFinished(() => node.stop());
		await node.start();
		expect(node.held.length).toBe(SHARDS);
		clock.skip(TTL);
		expect(node.held).toEqual([]);
		expect(node.cluster.leases.available).toBe(false);
		await eventually(() => node.held.length === SHARDS);
	});

	test.concurrent("a paused process wakes up without its shards, which another has; a killed one loses them too", async (context) => {
		const { namespace, nodes, onTestFinished } = installation(context);
		const [node] = await nodes(1);
		const path = fileURLToPath(new URL("node-process.ts", import.meta.url));
		const child = spawn(process.execPath, ["--import", "tsx", path, redis.url, String(LEASE_TTL), namespace], {
			stdio: ["pipe", "pipe", "inherit"],
		});
		const exit = once(child, "exit");
		onTestFinished(async () => {
			child.kill("SIGKILL");
			await exit;
		});
		const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
		const next = async () => String((await lines.next()).value);
		expect(await next()).toBe(`started ${SHARDS / 2}`);
		await eventually(() => node!.held.length === SHARDS / 2);
		// A busy machine may have kept it from running before: that is no pause of ours.
		child.stdin.write("\n");
		while (!(await next()).startsWith("asked"));
		child.kill("SIGSTOP");
		await eventually(() => node!.held.length === SHARDS, { timeoutMs: 3 * TTL });
		child.kill("SIGCONT");
		// The first thing that it does: before it could hear from Redis.
		expect(await next()).toBe("paused 0");
		await eventually(() => node!.held.length === SHARDS / 2);
		const killed = ownTime();
		child.kill("SIGKILL");
		await eventually(() => node!.held.length === SHARDS, { timeoutMs: 3 * TTL });
		expect(ownTime() - killed).toBeLessThan((4 / 3) * TTL + SLACK);
	});

	test("one round trip renews all leases, and a second one takes what is due", async (context) => {
		const { nodes, onTestFinished } = installation(context);
		const all = await nodes(2);
		await eventually(() => evenlySpread(all));
		const watcher = new Redis(redis.url);
		onTestFinished(() => watcher.disconnect());
		const calls = async () =>
			Number(/calls=(\d+)/.exec(/cmdstat_eval:.*/.exec(await watcher.info("commandstats"))![0])![1]);
		const before = await calls();
		await sleep(TTL);
		// Three rounds of each; one more may fall into the time.
		expect((await calls()) - before).toBeLessThanOrEqual(2 * 4);
		expect((await calls()) - before).toBeGreaterThanOrEqual(2 * 2);
	});

	test.concurrent("nothing is left in Redis one TTL after the last node was killed", async (context) => {
		const { namespace, proxied, nodeBehind, onTestFinished } = installation(context);
		const proxy = await proxied();
		const watcher = new Redis(redis.url);
		onTestFinished(() => watcher.disconnect());
		const keys = () => watcher.keys(`perigee:{${namespace}}:*`);
		(await nodeBehind(proxy)).cluster.membership.reportBy(() => FIGURES);
		await eventually(async () => (await keys()).length === 3);
		proxy.blackHole();
		await eventually(async () => (await keys()).length === 0, { timeoutMs: 2 * TTL });
	});
});

describeWithRedis("leases of a Redis that comes and goes", () => {
	let redis: TestRedis;
	beforeAll(async () => {
		redis = await startRedis();
	});
	afterAll(() => redis.stop());

	test("a Redis that is away does not stop the start; when it comes, leases come", async () => {
		await redis.crash();
		const node = redisNode(redis.url);
		onTestFinished(() => node.stop());
		const began = ownTime();
		await node.start();
		expect(ownTime() - began).toBeLessThan(1_000);
		expect([node.cluster.leases.available, node.held, node.cluster.bus.connected]).toEqual([false, [], false]);
		const told: boolean[] = [];
		node.cluster.leases.onChange((available) => told.push(available));
		await redis.restart();
		await eventually(() => node.held.length === SHARDS && node.cluster.bus.connected);
		expect(told).toEqual([true]);
	});

	test("Redis goes: leases end with their time, and are told to have; it is restarted empty: they are shared out again", async () => {
		const all = await startNodes(redis.url, 2);
		onTestFinished(async () => {
			await Promise.all(all.map((node) => node.stop()));
		});
		await eventually(() => evenlySpread(all));
		const told: boolean[] = [];
		all[0]!.cluster.leases.onChange((available) => told.push(available));
		const began = ownTime();
		await redis.crash();
		await eventually(() => all.every((node) => node.held.length === 0), { timeoutMs: 2 * TTL });
		expect(ownTime() - began).toBeLessThan(TTL + SLACK);
		await eventually(() => told.length === 1);
		await redis.restart();
		await eventually(() => evenlySpread(all));
		expect(told).toEqual([false, true]);
		for (const { said } of all) {
			const lines = () => said.map(({ message }) => message);
			// Once for each connection, however often it was tried.
			expect(lines().filter((line) => line === "Redis is away").length).toBe(3);
			await eventually(() => lines().filter((line) => line === "Redis is back").length === 3);
		}
	});

	test("a Redis that is silent is as good as away, and stopping does not wait for it", async () => {
		const node = redisNode(redis.url, { pingInterval: 200, patience: 200 });
		await node.start();
		redis.pause();
		onTestFinished(() => redis.resume());
		await eventually(() => !node.cluster.leases.available && !node.cluster.bus.connected, { timeoutMs: 2 * TTL });
		const began = ownTime();
		await node.stop();
		expect(ownTime() - began).toBeLessThan(1_000);
	});

	test("a password reaches no log", async () => {
		const node = redisNode(`redis://someone:hunter2@127.0.0.1:${redis.port}`);
		onTestFinished(() => node.stop());
		await node.start();
		await eventually(() => node.said.length > 0);
		expect(JSON.stringify(node.said)).toContain("WRONGPASS");
		expect(JSON.stringify(node.said)).not.toContain("hunter2");
	});
});
