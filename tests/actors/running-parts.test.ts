import { afterAll, beforeAll, describe, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import { inProcessCluster } from "../../actors/cluster/in-process.ts";
import { CommitPipeline } from "../../actors/commit-pipeline.ts";
import { logRetention } from "../../actors/log-retention.ts";
import { Periodic } from "../../actors/periodic.ts";
import { Queue } from "../../actors/queue.ts";
import { StreamEngine } from "../../actors/stream-engine.ts";
import { Supervisor } from "../../actors/supervisor.ts";
import { TelemetryFlush } from "../../actors/telemetry-flush.ts";
import { DEFAULT_POLICY } from "../../machines/policy.ts";
import { Database } from "../../persistence/database.ts";
import { LoneLock } from "../../persistence/lone-lock.ts";
import { stressService } from "../support/stress-service.ts";
import { type Node, openSite, type Site } from "./engine-fixture.ts";

const log = { info: () => undefined, warn: () => undefined };

let site: Site;
let node: Node;

beforeAll(async () => {
	site = await openSite();
	node = await site.node();
	// Every connection of the shared database is open, so that none counts as left behind by the part under test.
	await Promise.all([
		...Array.from({ length: 10 }, () => node.database.run("commands", (sql) => sql`select pg_sleep(0.05)`)),
		...Array.from({ length: 4 }, () => node.database.run("lists", (sql) => sql`select pg_sleep(0.05)`)),
	]);
});
afterAll(() => site.close());

describe("a stress test starts and stops each running part concurrently, and nothing of it is left", () => {
	test("the database", () => stressService(() => new Database({ url: site.url, poolSize: 6, log })));

	test("the lock of the lone node", () =>
		stressService(
			() =>
				new LoneLock({
					url: site.url,
					log,
					onLost: (error) => {
						throw error;
					},
				}),
		));

	test("the commit pipeline", () =>
		stressService(
			() =>
				new CommitPipeline({
					database: node.database,
					bus: node.cluster.bus,
					clock: systemClock,
					registry: () => node.engine.registry,
					onCommit: () => undefined,
				}),
		));

	test("the telemetry flush", () =>
		stressService(
			() =>
				new TelemetryFlush({
					database: node.database,
					registry: node.engine.registry,
					clock: systemClock,
					interval: 1,
					period: 60_000,
					log,
				}),
		));

	test("the queue", () =>
		stressService(
			() =>
				new Queue({
					database: node.database,
					registry: node.engine.registry,
					bus: node.cluster.bus,
					clock: systemClock,
					maxTake: 10,
					maxWaiters: 10,
					maxFilterBytes: 1_000,
					log,
				}),
		));

	test("the supervisor", () =>
		stressService(
			() =>
				new Supervisor({
					database: node.database,
					registry: node.engine.registry,
					cluster: node.cluster,
					period: 60,
					interval: 0.001,
					log,
				}),
		));

	test("the retention of logs", () =>
		stressService(() =>
			logRetention({ database: node.database, watch: node.cluster.watch, age: 60, interval: 0.001, log }),
		));

	test("a periodic work", () =>
		stressService(() => new Periodic({ name: "test", interval: 1, first: 0, work: () => undefined, log })));

	test("the bus, the membership and the leases of one node", async () => {
		const cluster = inProcessCluster({ node_id: "stressed", boot_id: "1" });
		await stressService(() => cluster.bus);
		await stressService(() => cluster.membership);
		await stressService(() => cluster.leases);
		await stressService(() => cluster.watch);
	});

	test("the engine as a whole", () =>
		stressService(
			() =>
				new StreamEngine({
					database: node.database,
					cluster: inProcessCluster({ node_id: "stressed", boot_id: "1" }),
					alone: true,
					clock: systemClock,
					random: Math.random,
					policy: DEFAULT_POLICY,
					healthyPeriod: 60,
					obsoleting: { period: 60, interval: 5 },
					feedback: { flushInterval: 0.1, durability: "interval" },
					queue: { maxTake: 1_000, maxLook: 10_000, maxWaiters: 1_000, maxFilterBytes: 1_000_000 },
					retention: { age: 60, interval: 0.01 },
					maxResident: 1_000,
					log,
				}),
		));
});
