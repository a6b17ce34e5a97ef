import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, type TestContext, test } from "vitest";
import type { BusMessage } from "../../actors/cluster/cluster.ts";
import type { RedisClusterOptions } from "../../actors/cluster/redis/redis-cluster.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { ownTime } from "../support/own-time.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { type ClusterNode, redisNode } from "./nodes.ts";

let count = 0;

/** A message that is like no other, as long as asked for. */
function message(length = 0): BusMessage {
	return {
		events: [
			{
				stream_id: `stream ${count++}`,
				account_id: "account",
				revision: 1,
				version: 1,
				status: "in_progress",
				records: ["x".repeat(length)],
				at: 0,
			},
		],
	};
}

/** What came from other nodes since this was called. */
function hearing({ cluster: { bus } }: ClusterNode) {
	const heard = { messages: [] as BusMessage[], local: 0, gaps: 0 };
	bus.subscribe((each, local) => {
		if (local) heard.local++;
		else heard.messages.push(each);
	});
	bus.onGap(() => heard.gaps++);
	return heard;
}

describeWithRedis("the bus by way of Redis", () => {
	let redis: TestRedis;
	beforeAll(async () => {
		redis = await startRedis();
	});
	afterAll(() => redis.stop());

	let installations = 0;
	/** What a test needs of an installation of its own, so that they can wait side by side. */
	function installation({ onTestFinished }: TestContext) {
		const namespace = `bus ${installations++}`;
		async function node(options: Partial<RedisClusterOptions> = {}, port = redis.port): Promise<ClusterNode> {
			const made = redisNode(`redis://127.0.0.1:${port}`, { namespace, ...options });
			onTestFinished(() => made.stop());
			await made.start();
			return made;
		}
		async function proxied(): Promise<FaultProxy> {
			const proxy = new FaultProxy({ port: redis.port });
			await proxy.start();
			onTestFinished(() => proxy.stop());
			return proxy;
		}
		return { namespace, node, proxied, onTestFinished };
	}

	test.concurrent("what one node publishes, all others hear, in order and as it was; itself hears it once", async (context) => {
		const { node } = installation(context);
		const [a, b, c] = [await node(), await node(), await node()];
		const heard = [a, b, c].map(hearing);
		const sent = [message(), { ...message(), linked: true }, message(100_000), { events: [], linked: true }];
		for (const each of sent) a.cluster.bus.publish(each);
		await eventually(() => heard[1]!.messages.length === 4 && heard[2]!.messages.length === 4);
		expect(heard[1]!.messages).toEqual(sent);
		expect(heard[2]!.messages).toEqual(sent);
		expect([heard[0]!.messages, heard[0]!.local]).toEqual([[], 4]);
	});

	test.concurrent("the events of another installation in the same Redis are not heard", async (context) => {
		const { node } = installation(context);
		const [a, b, stranger] = [await node(), await node(), await node({ namespace: "stranger" })];
		const [heard, strange] = [hearing(b), hearing(stranger)];
		a.cluster.bus.publish(message());
		stranger.cluster.bus.publish(message());
		await eventually(() => heard.messages.length === 1);
		expect([heard.messages.length, strange.messages.length]).toEqual([1, 0]);
	});

	test.concurrent("after each subscription there may be a gap, and it is told", async (context) => {
		const { proxied, onTestFinished } = installation(context);
		const proxy = await proxied();
		const quiet = redisNode(`redis://127.0.0.1:${proxy.port}`);
		onTestFinished(() => quiet.stop());
		const heard = hearing(quiet);
		await quiet.start();
		expect(heard.gaps).toBe(1);
		proxy.reset();
		await eventually(() => heard.gaps >= 2 && quiet.cluster.bus.connected);
		proxy.refuse();
		await eventually(() => !quiet.cluster.bus.connected);
		const before = heard.gaps;
		proxy.heal();
		await eventually(() => heard.gaps > before && quiet.cluster.bus.connected);
	});

	test.concurrent("a half-open connection, which no one tells of, is found by a ping, and messages come again", async (context) => {
		const { node, proxied } = installation(context);
		const proxy = await proxied();
		const far = await node({ pingInterval: 150, patience: 150 }, proxy.port);
		const near = await node();
		const heard = hearing(far);
		const { gaps } = heard;
		proxy.halfOpen();
		near.cluster.bus.publish(message());
		// Two pings and an answer that does not come, with the defaults: 10 s.
		await eventually(() => heard.gaps > gaps && far.cluster.bus.connected, { timeoutMs: 1_500 });
		near.cluster.bus.publish(message());
		await eventually(() => heard.messages.length === 1);
	});

	test.concurrent("with default settings it is found within 15 s", async (context) => {
		const { node, proxied } = installation(context);
		const proxy = await proxied();
		const far = await node({}, proxy.port);
		const heard = hearing(far);
		const { gaps } = heard;
		proxy.halfOpen();
		await eventually(() => heard.gaps > gaps && far.cluster.bus.connected, { timeoutMs: 15_000 });
	});

	test.concurrent("what is published while Redis cannot be reached is let go at once, and the others are told that they missed it", async (context) => {
		const { node, proxied } = installation(context);
		const proxy = await proxied();
		const far = await node({}, proxy.port);
		const near = await node();
		const heard = hearing(near);
		proxy.refuse();
		await eventually(() => !far.cluster.bus.connected);
		const began = performance.now();
		for (let each = 0; each < 1_000; each++) far.cluster.bus.publish(message(1_000));
		expect(performance.now() - began).toBeLessThan(500);
		const { gaps } = heard;
		proxy.heal();
		await eventually(() => far.cluster.bus.connected);
		const after = message();
		far.cluster.bus.publish(after);
		await eventually(() => heard.messages.length === 1);
		expect(heard.messages).toEqual([after]);
		expect(heard.gaps).toBe(gaps + 1);
	});

	test.concurrent("beyond the bound of what Redis has not confirmed messages are let go, `connected` says so, and the others are told", async (context) => {
		const { node, proxied } = installation(context);
		const proxy = await proxied();
		const far = await node({ outgoing: 100_000 }, proxy.port);
		const near = await node();
		const heard = hearing(near);
		proxy.delay(100);
		const { gaps } = heard;
		for (let each = 0; each < 50; each++) far.cluster.bus.publish(message(10_000));
		expect(far.cluster.bus.connected).toBe(false);
		await eventually(() => far.cluster.bus.connected);
		await eventually(() => heard.gaps === gaps + 1);
		expect(heard.messages.length).toBe(9);
		const after = message();
		far.cluster.bus.publish(after);
		await eventually(() => heard.messages.at(-1)?.events[0]?.stream_id === after.events[0]!.stream_id);
	});

	test.concurrent("what cannot be understood counts as missed", async (context) => {
		const { namespace, node, onTestFinished } = installation(context);
		const near = await node();
		const heard = hearing(near);
		const { gaps } = heard;
		const stranger = new Redis(redis.url);
		onTestFinished(() => stranger.disconnect());
		const said = ["", "{", "null", "{}", '[3,"x",{"events":[]}]', '[2,"x",{"events":1}]', '[2,7,{"events":[]}]'];
		for (const text of said) await stranger.publish(`perigee:{${namespace}}:events`, text);
		await eventually(() => heard.gaps === gaps + said.length);
		expect(heard.messages).toEqual([]);
	});

	test("messages go from node to node within milliseconds", async (context) => {
		const { node } = installation(context);
		const [a, b] = [await node(), await node()];
		const heard = hearing(b);
		const times: number[] = [];
		for (let each = 0; each < 50; each++) {
			const began = ownTime();
			const before = heard.messages.length;
			a.cluster.bus.publish(message());
			await eventually(() => heard.messages.length > before);
			times.push(ownTime() - began);
		}
		times.sort((x, y) => x - y);
		expect(times[25]).toBeLessThan(50);
	});
});
