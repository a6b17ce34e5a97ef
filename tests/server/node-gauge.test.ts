import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import { NodeGauge } from "../../server/node-gauge.ts";
import { type Node, openSite, type Site, takeRequest, written } from "../actors/engine-fixture.ts";
import { eventually } from "../support/signals.ts";
import { stressService } from "../support/stress-service.ts";

let site: Site;
let node: Node;
beforeAll(async () => {
	site = await openSite();
	node = await site.node();
});
afterAll(() => site.close());

function gauge(): NodeGauge {
	return new NodeGauge({
		version: "1.2.3",
		engine: node.engine,
		cluster: node.cluster,
		consoleSockets: () => 3,
		livePreviews: () => 2,
		clock: systemClock,
		interval: 200,
		log: { warn: (fields, message) => expect.fail(`${message} ${JSON.stringify(fields)}`) },
	});
}

test("a node tells what it is and has at the moment, and what went on in the last interval", async () => {
	const measuring = gauge();
	onTestFinished(() => measuring.stop());
	await measuring.start();
	const figures = () => node.cluster.membership.reports()[0]!;
	expect(figures()).toMatchObject({
		...node.cluster.membership.self,
		version: "1.2.3",
		shards: 256,
		console_sockets: 3,
		live_previews: 2,
		requests_per_second: 0,
		commit_p50_ms: null,
	});
	expect(Math.abs(Date.parse(figures().started_at) - Date.now())).toBeLessThan(5_000);
	expect(figures().rss_bytes).toBeGreaterThan(10_000_000);

	const others = figures().actors;
	let bursts = 0;
	const busy = await eventually(async () => {
		bursts++;
		const { stream_id } = await node.engine.create(written());
		const [taken] = await node.engine.take(takeRequest());
		await node.engine.feedback([{ stream_id, version: taken!.version, status: "in_progress" }], null);
		for (let request = 0; request < 10; request++) measuring.request();
		// On a busy machine one burst may fall into two intervals.
		const told = await eventually(() => figures().feedback_items_per_second > 0 && figures());
		return told.requests_per_second > 0 && told.commits_per_second > 0 && { ...told, actors: figures().actors };
	});
	expect(busy.actors).toBe(others + bursts);
	expect(busy.requests_per_second).toBeGreaterThan(0);
	expect(busy.requests_per_second).toBeLessThanOrEqual((bursts * 10) / 0.19);
	expect(busy.commits_per_second).toBeGreaterThan(0);
	expect(busy.commit_p50_ms).toBeGreaterThan(0);
	expect(busy.commit_p99_ms).toBeGreaterThanOrEqual(busy.commit_p50_ms!);
	// Nothing happens any more, and that is what is told.
	await eventually(() => {
		const { requests_per_second, feedback_items_per_second, commits_per_second, commit_p99_ms } = figures();
		expect([requests_per_second, feedback_items_per_second, commits_per_second, commit_p99_ms]).toEqual([
			0,
			0,
			0,
			null,
		]);
	});
});

test("an event loop that is held up is told by how long", async () => {
	const measuring = gauge();
	onTestFinished(() => measuring.stop());
	await measuring.start();
	await eventually(() => {
		const end = performance.now() + 120;
		while (performance.now() < end);
		return measuring.figures().event_loop_p99_ms > 100;
	});
});

test("it starts and stops in any order, and nothing is left", () => stressService(gauge));
