import type { Figure } from "../figure.ts";
import type { Worker } from "../processes.ts";
import type { Scenario } from "../scenario.ts";
import { FEEDBACK, type Site } from "../site.ts";

const SOCKETS = 200;
/** Changes a second: those that the latency is measured at, and more than the bar of deliveries needs. */
const STEADY = 1_000;
const MANY = 2_000;

interface Processes {
	watchers: Worker;
	pacer: Worker;
}

let processes: Processes | null = null;

async function watched(site: Site, rate: number, seconds: number): Promise<Figure> {
	if (processes === null) throw new Error("the console's sockets are not open");
	const { watchers, pacer } = processes;
	const { port } = site.service;
	const paced = pacer.ask({ port, path: FEEDBACK, streams: site.live, rate, seconds: seconds * 1.2 });
	// The first changes are on their way.
	await new Promise((resolve) => setTimeout(resolve, seconds * 100));
	const figure = await watchers.ask<Figure>({ port, sockets: SOCKETS, seconds });
	await paced;
	return figure;
}

export const consoleSockets: Scenario = {
	name: "console",
	sentence: "changes to 200 sockets, one change in one frame of a socket is one delivery",
	async prepare(site) {
		await site.makeLive(10_000);
		processes = { watchers: site.worker("./load/watchers.ts"), pacer: site.worker("./load/paced.ts") };
		await processes.watchers.ask({ port: site.service.port, sockets: SOCKETS, seconds: 0 });
	},
	async ours(site, seconds) {
		const { rate } = await watched(site, MANY, seconds);
		return { ...(await watched(site, STEADY, seconds)), rate };
	},
	against: {},
	bar: "≥ 200,000 deliveries/s; p99 < 150 ms at 1,000 changes/s",
	met: ({ rate, p99 = Number.POSITIVE_INFINITY }) => rate >= 200_000 && p99 < 150,
	async end(site) {
		await processes?.watchers.ask({ port: site.service.port, sockets: 0, seconds: 0 });
		processes = null;
	},
};
