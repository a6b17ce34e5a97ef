import type { Figure } from "../figure.ts";
import { graphileWorker, graphileWorker016, pgBoss } from "../peers/peers.ts";
import { bullmqTakeDone } from "../peers/redis.ts";
import type { Scenario } from "../scenario.ts";
import type { Site } from "../site.ts";

const BATCH = 50;
const LANES = 8;
/**
 * Items a second that a queue is filled for, more than anybody takes: a queue that runs dry would be measured instead. The same for all
 * that a bar compares, since some of them are the slower the more there wait.
 */
const MOST = 10_000;
/** With its local queue it takes many at once. */
const MOST_OF_GRAPHILE_017 = 35_000;
/** There are a warm-up and a run-out beside the measured seconds. */
const LONGER = 1.4;

/** What is left in a queue, guessed low: only what is missing is made for the next round, unless each has a queue of its own. */
class Filling {
	readonly #fill: (site: Site, count: number) => Promise<unknown>;
	readonly #most: number;
	readonly #anew: boolean;
	#left = 0;

	constructor(fill: (site: Site, count: number) => Promise<unknown>, most = MOST, anew = false) {
		this.#fill = fill;
		this.#most = most;
		this.#anew = anew;
	}

	/** Measures what empties the queue. */
	async whileFilled(site: Site, seconds: number, work: () => Promise<Figure>): Promise<Figure> {
		const missing = Math.max(0, this.#most * seconds * LONGER - this.#left);
		const count = Math.ceil(missing / 1_000) * 1_000;
		if (count > 0) await this.#fill(site, count);
		const figure = await work();
		this.#left = this.#anew ? 0 : Math.max(0, this.#left + count - figure.rate * seconds * LONGER);
		return figure;
	}
}

/** Ours and the statements alone empty the same queue. */
const streamsOfSite = () => new Filling((site, count) => site.statements("fill", count, 1, 0));
let streams = streamsOfSite();
const pgBossJobs = new Filling((site, count) => pgBoss.fill(site, count), MOST, true);
const graphileJobs = new Filling((site, count) => graphileWorker016.fill(site, count));
const graphile017Jobs = new Filling((site, count) => graphileWorker.fill(site, count), MOST_OF_GRAPHILE_017);

export const takeDone: Scenario = {
	name: "take_done",
	sentence: "take 50 a request, then done 50 a request, over HTTP, durable, with log rows",
	async prepare() {
		streams = streamsOfSite();
	},
	ours(site, seconds) {
		const work = { kind: "take_done" as const, batch: BATCH };
		const { port } = site.service;
		return streams.whileFilled(site, seconds, () =>
			site.load.put({ port, connections: LANES, seconds, itemsPerRequest: BATCH, work }),
		);
	},
	against: {
		"same statements": (site, seconds) =>
			streams.whileFilled(site, seconds, () => site.statements("take_done", BATCH, LANES, seconds)),
		"pg-boss by 100": (site, seconds) => pgBossJobs.whileFilled(site, seconds, () => pgBoss.takeDone(site, seconds)),
		"graphile-worker 0.16": (site, seconds) =>
			graphileJobs.whileFilled(site, seconds, () => graphileWorker016.takeDone(site, seconds)),
	},
	beside: {
		"graphile-worker 0.17, local queue": (site, seconds) =>
			graphile017Jobs.whileFilled(site, seconds, () => graphileWorker.takeDone(site, seconds)),
		"BullMQ, Redis that keeps nothing": (site, seconds) => bullmqTakeDone(site, seconds, 30_000 * seconds),
	},
	bar: "≥ 1.5× pg-boss, ≥ 2× graphile-worker 0.16, ≥ 0.6 of the same statements through the driver",
	met: (_, ratio) =>
		ratio("pg-boss by 100") >= 1.5 && ratio("graphile-worker 0.16") >= 2 && ratio("same statements") >= 0.6,
};
