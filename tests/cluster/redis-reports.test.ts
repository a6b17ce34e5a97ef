import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { LARGEST_REPORT } from "../../actors/cluster/node-report.ts";
import type { RedisMembership } from "../../actors/cluster/redis/membership.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { type ClusterNode, FIGURES, LEASE_TTL, redisNode } from "./nodes.ts";

/** Milliseconds. */
const TTL = LEASE_TTL * 1_000;

describeWithRedis("what nodes tell each other of how they do", () => {
	let redis: TestRedis;
	let namespace = "";
	beforeAll(async () => {
		redis = await startRedis();
	});
	afterAll(() => redis.stop());
	beforeEach(({ task }) => {
		namespace = task.name;
	});

	async function node(node_id: string, port = redis.port): Promise<ClusterNode> {
		const started = redisNode(`redis://127.0.0.1:${port}`, { node_id, namespace, patience: 200 });
		onTestFinished(() => started.stop());
		await started.start();
		return started;
	}

	function told(by: ClusterNode): string[] {
		return by.cluster.membership.reports().map(({ node_id, actors }) => `${node_id} ${actors}`);
	}

	function tells(node: ClusterNode, actors: number): void {
		node.cluster.membership.reportBy(() => ({ ...FIGURES, actors }));
	}

	test("each knows what all tell, its own first; who tells nothing is left out", async () => {
		const [a, b, c] = [await node("a"), await node("b"), await node("c")];
		tells(a, 1);
		tells(b, 2);
		await eventually(() => {
			expect(told(a)).toEqual(["a 1", "b 2"]);
			expect(told(b)).toEqual(["b 2", "a 1"]);
			expect(told(c).sort()).toEqual(["a 1", "b 2"]);
		});
		const [own, other] = a.cluster.membership.reports();
		expect([own, other]).toEqual([
			{ ...a.cluster.membership.self, ...FIGURES, actors: 1 },
			{ ...b.cluster.membership.self, ...FIGURES, actors: 2 },
		]);
	});

	test("newer figures are known within a third of the TTL and a round", async () => {
		const [a, b] = [await node("a"), await node("b")];
		tells(a, 1);
		await eventually(() => told(b).includes("a 1"));
		tells(a, 2);
		await eventually(() => told(b).includes("a 2"), { timeoutMs: TTL });
	});

	test("a node that says good-bye is told of no more, and one that is cut off no longer than the TTL", async () => {
		const proxy = new FaultProxy({ port: redis.port });
		await proxy.start();
		onTestFinished(() => proxy.stop());
		const [a, b, c] = [await node("a"), await node("b"), await node("c", proxy.port)];
		for (const [at, each] of [a, b, c].entries()) tells(each, at);
		await eventually(() => told(a).length === 3 && told(c).length === 3);
		await b.stop();
		await eventually(() => told(a).sort().join() === "a 0,c 2");
		proxy.blackHole();
		await eventually(() => told(a).join() === "a 0", { timeoutMs: 2 * TTL });
		// And the one that is cut off speaks for itself alone.
		await eventually(() => told(c).join() === "c 2", { timeoutMs: 2 * TTL });
	});

	test("a node that says more than others read is known by its name alone", async () => {
		const [a, b] = [await node("a"), await node("b")];
		tells(b, 1);
		await eventually(() => told(a).includes("b 1"));
		b.cluster.membership.reportBy(() => ({ ...FIGURES, version: "v".repeat(LARGEST_REPORT) }));
		await eventually(() => told(a).length === 0);
		expect(a.cluster.membership.members().length).toBe(2);
	});

	test("what is no report, is of nobody that lives, or is too large is not believed", async () => {
		const a = await node("a");
		const watcher = new Redis(redis.url);
		onTestFinished(() => watcher.disconnect());
		const [members, reports] = [`perigee:{${namespace}}:members`, `perigee:{${namespace}}:reports`];
		const self = { node_id: "b", boot_id: "0" };
		const round = () => (a.cluster.membership as RedisMembership).look();
		await watcher.zadd(members, Date.now() + 60_000, "b/0");
		await watcher.hset(reports, "b/0", JSON.stringify({ ...self, ...FIGURES, of_a_later_version: [1] }));
		await round();
		expect(told(a)).toEqual(["b 1000"]);
		for (const text of [
			"{",
			"null",
			"[]",
			'"text"',
			JSON.stringify({ ...self, ...FIGURES, actors: "many" }),
			JSON.stringify({ ...self, ...FIGURES, rss_bytes: undefined }),
			JSON.stringify({ ...self, ...FIGURES, boot_id: "1" }),
			JSON.stringify({ ...self, ...FIGURES, version: "v".repeat(LARGEST_REPORT) }),
		]) {
			await watcher.hset(reports, "b/0", text);
			await watcher.hset(reports, "ghost/0", JSON.stringify({ node_id: "ghost", boot_id: "0", ...FIGURES }));
			await round();
			expect(told(a), text).toEqual([]);
			expect(await watcher.hkeys(reports)).toEqual(["b/0"]);
		}
	});
});
