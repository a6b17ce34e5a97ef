import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type BusMessage, type Cluster, EVERY_SHARD } from "../../actors/cluster/cluster.ts";
import { inProcessCluster } from "../../actors/cluster/in-process.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { stressService } from "../support/stress-service.ts";
import { ClusterNode, FIGURES, redisNode } from "./nodes.ts";

const message: BusMessage = {
	events: [
		{
			stream_id: "0b0e3a4e-7a0a-4b0a-8f0a-000000000001",
			account_id: "557d54ec-29ad-4f3c-93b4-c9092ef12515",
			revision: 2,
			version: 1,
			status: "in_progress",
			records: ["in_progress"],
			at: 1,
		},
	],
};

/**
 * What holds for any cluster of one node, however it is made. `make` gives a stopped one that nobody else is a
 * member of.
 */
function conforms(make: () => ClusterNode): void {
	async function started(): Promise<Cluster> {
		const node = make();
		onTestFinished(() => node.stop());
		await node.start();
		return node.cluster;
	}

	test("a message reaches the listeners of its own node before publish() returns, as a local one", async () => {
		const { bus } = await started();
		const heard: [BusMessage, boolean][] = [];
		bus.subscribe((...each) => heard.push(each));
		bus.publish(message);
		expect(heard).toEqual([[message, true]]);
	});

	test("it is heard once by each, and no more after the subscription ended", async () => {
		const { bus } = await started();
		const heard: string[] = [];
		const end = bus.subscribe(() => heard.push("a"));
		bus.subscribe(() => heard.push("b"));
		bus.publish(message);
		end();
		bus.publish({ events: [], linked: true });
		// Whatever would come back from elsewhere has had the time to.
		await eventually(() => bus.connected);
		expect(heard).toEqual(["a", "b", "b"]);
	});

	test("publish() never fails, before the start and after the stop either", async () => {
		const node = make();
		const { bus } = node.cluster;
		bus.publish(message);
		expect(bus.connected).toBe(false);
		await node.start();
		await eventually(() => bus.connected);
		await node.stop();
		bus.publish(message);
		expect(bus.connected).toBe(false);
	});

	test("the end of a subscription to gaps ends it", async () => {
		const node = make();
		let gaps = 0;
		node.cluster.bus.onGap(() => gaps++)();
		await node.start();
		await node.stop();
		expect(gaps).toBe(0);
	});

	test("a running node is a member, and no other", async () => {
		const node = make();
		const { membership } = node.cluster;
		expect(membership.members()).toEqual([]);
		await node.start();
		expect(membership.members()).toEqual([membership.self]);
		await node.stop();
		expect(membership.members()).toEqual([]);
	});

	test("a node tells how it does as soon as somebody says so, and no more when it has stopped", async () => {
		const node = make();
		const { membership } = node.cluster;
		await node.start();
		expect(membership.reports()).toEqual([]);
		membership.reportBy(() => FIGURES);
		expect(membership.reports()).toEqual([{ ...membership.self, ...FIGURES }]);
		await node.stop();
		expect(membership.reports()).toEqual([]);
		await node.start();
		expect(membership.reports().length).toBe(1);
		await node.stop();
	});

	test("its own figures are always the newest", async () => {
		const { membership } = await started();
		let actors = 0;
		membership.reportBy(() => ({ ...FIGURES, actors }));
		actors = 7;
		expect(membership.reports().map((report) => report.actors)).toEqual([7]);
	});

	test("a lone node holds every shard as soon as it has started, and none when it has stopped", async () => {
		const node = make();
		const { leases } = node.cluster;
		expect([leases.available, leases.held()]).toEqual([false, []]);
		await node.start();
		expect([leases.available, [...leases.held()].sort((a, b) => a - b)]).toEqual([true, EVERY_SHARD]);
		await node.stop();
		expect([leases.available, leases.held()]).toEqual([false, []]);
	});

	test("a change of `available` is told, when it is so", async () => {
		const node = make();
		const { leases } = node.cluster;
		const told: [boolean, boolean][] = [];
		const end = leases.onChange((available) => told.push([available, leases.available]));
		await node.start();
		await node.stop();
		expect(told).toEqual([
			[true, true],
			[false, false],
		]);
		end();
		await node.start();
		await node.stop();
		expect(told.length).toBe(2);
	});

	test("while leases are available, what is held is what is watched", async () => {
		const { watch, leases } = await started();
		expect(await watch.shards()).toEqual(leases.held());
	});

	test("all of it starts and stops in any order, and nothing is left", () => stressService(make));
}

describe("the cluster of one process", () => {
	conforms(() => new ClusterNode(inProcessCluster({ node_id: "test", boot_id: "0" })));
});

describeWithRedis("the cluster by way of Redis", () => {
	let redis: TestRedis;
	let count = 0;
	beforeAll(async () => {
		redis = await startRedis();
	});
	afterAll(() => redis.stop());

	conforms(() => redisNode(redis.url, { namespace: `conformance ${count++}` }));
});
