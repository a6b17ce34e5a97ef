import { graphileWorker, pgBoss } from "../peers/peers.ts";
import type { Scenario } from "../scenario.ts";
import { CREATE } from "../site.ts";

const CONNECTIONS = 64;

export const create: Scenario = {
	name: "create",
	sentence: "one stream a request, 64 connections, durable",
	prepare: async () => undefined,
	async prepareOthers(site) {
		// Their tables and connections are made before anything is measured.
		await pgBoss.fill(site, 1_000);
		await graphileWorker.fill(site, 1_000);
	},
	ours: (site, seconds) => site.requests([CREATE], seconds, { connections: CONNECTIONS, expect: 201 }),
	against: {
		"pg-boss send": (site, seconds) => pgBoss.create(site, seconds, CONNECTIONS),
		"graphile-worker addJob": (site, seconds) => graphileWorker.create(site, seconds, CONNECTIONS),
	},
	beside: {
		"same statement": (site, seconds) => site.statements("create", CONNECTIONS, 1, seconds),
	},
	bar: "≥ 2× pg-boss send and graphile-worker addJob, one by one at the same concurrency",
	met: (_, ratio) => ratio("pg-boss send") >= 2 && ratio("graphile-worker addJob") >= 2,
};
