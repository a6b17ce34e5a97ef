import { load } from "../processes.ts";
import type { Scenario } from "../scenario.ts";

const BATCH = 50;
const LANES = 8;
/** More than a round can take: a queue that runs dry would be measured instead. */
const FILL = 30_000;

export const takeDone: Scenario = {
	name: "take_done",
	sentence: "take 50 a request, then done 50 a request, over HTTP, durable, with log rows",
	prepare: async () => undefined,
	async ours(site, seconds) {
		await site.statements("fill", Math.ceil(FILL * seconds), 1, 0);
		const work = { kind: "take_done" as const, batch: BATCH };
		return (await load({ port: site.service.port, connections: LANES, seconds, itemsPerRequest: BATCH, work })).rate;
	},
	against: {
		async "same statements"(site, seconds) {
			await site.statements("fill", Math.ceil(FILL * seconds), 1, 0);
			return site.statements("take_done", BATCH, LANES, seconds);
		},
	},
	bar: "≥ 0.6 of the same statements through the driver",
	met: (_, ratio) => (ratio["same statements"] ?? 0) >= 0.6,
};
