import type { Figure } from "../figure.ts";
import { graphileWorker, type Peer, pgBoss } from "../peers/peers.ts";
import { bullmqTakeDone } from "../peers/redis.ts";
import type { Scenario } from "../scenario.ts";
import type { Site } from "../site.ts";

const BATCH = 50;
const LANES = 8;
/** Items a second that a queue is filled for, more than anybody takes: a queue that runs dry would be measured instead. */
const MOST = 15_000;
/** There are a warm-up and a run-out beside the measured seconds. */
const LONGER = 1.4;

const filledFor = (seconds: number) => Math.ceil((MOST * seconds * LONGER) / 1_000) * 1_000;

/** What is left of the round before is taken first. */
async function filled(peer: Peer, site: Site, seconds: number): Promise<Figure> {
	await peer.fill(site, filledFor(seconds));
	return peer.takeDone(site, seconds);
}

export const takeDone: Scenario = {
	name: "take_done",
	sentence: "take 50 a request, then done 50 a request, over HTTP, durable, with log rows",
	prepare: async () => undefined,
	async ours(site, seconds) {
		await site.statements("fill", filledFor(seconds), 1, 0);
		const work = { kind: "take_done" as const, batch: BATCH };
		const { port } = site.service;
		return site.load.put({ port, connections: LANES, seconds, itemsPerRequest: BATCH, work });
	},
	against: {
		async "same statements"(site, seconds) {
			await site.statements("fill", filledFor(seconds), 1, 0);
			return site.statements("take_done", BATCH, LANES, seconds);
		},
		"pg-boss by 100": (site, seconds) => filled(pgBoss, site, seconds),
		"graphile-worker": (site, seconds) => filled(graphileWorker, site, seconds),
	},
	beside: { "BullMQ, Redis that keeps nothing": (site, seconds) => bullmqTakeDone(site, seconds, 30_000 * seconds) },
	bar: "≥ 1.5× pg-boss, ≥ 2× graphile-worker, ≥ 0.6 of the same statements through the driver",
	met: (_, ratio) => ratio("pg-boss by 100") >= 1.5 && ratio("graphile-worker") >= 2 && ratio("same statements") >= 0.6,
};
