import PgBoss from "pg-boss";
import type { Figure } from "../figure.ts";
import { answering } from "../processes.ts";
import { definition, type PeerQuestion, rateOf } from "./peer.ts";

/**
 * pg-boss 10 as its manual recommends it for speed: a queue of the standard policy, no schedules, `insert` for many at a time,
 * fetching by 100 and completing with one call. Maintenance runs seldom anyway and is off.
 *
 * Each filling is a queue of its own, which has a table of its own: what is done stays in it, and would slow down the next round. A
 * fetch sorts all that wait: of 10,000 jobs it did 8,000 a second where it did 2,300 to 3,900 of 30,000.
 */
let queue = "";
let fillings = 0;
const BATCH = 100;
const LANES = 8;

let boss: PgBoss | null = null;

answering(async ({ url, what, seconds, count }: PeerQuestion): Promise<object> => {
	boss ??= await open(url);
	if (what === "fill") return fill(boss, count);
	return what === "create" ? create(boss, seconds, count) : takeAndComplete(boss, seconds);
});

async function open(url: string): Promise<PgBoss> {
	const opened = new PgBoss({ connectionString: url, max: 10, supervise: false, schedule: false });
	opened.on("error", (error) => console.error(error));
	await opened.start();
	return opened;
}

async function fill(to: PgBoss, count: number): Promise<object> {
	queue = `streams-${++fillings}`;
	await to.createQueue(queue);
	const jobs = Array.from({ length: 1_000 }, () => ({ name: queue, data: definition }));
	for (let made = 0; made < count; made += 2 * jobs.length) await Promise.all([to.insert(jobs), to.insert(jobs)]);
	return {};
}

async function create(to: PgBoss, seconds: number, callers: number): Promise<Figure> {
	return rateOf(seconds, callers, async () => {
		await to.send(queue, definition);
		return 1;
	});
}

async function takeAndComplete(from: PgBoss, seconds: number): Promise<Figure> {
	return rateOf(seconds, LANES, async () => {
		const jobs = await from.fetch(queue, { batchSize: BATCH });
		if (jobs.length === 0) throw new Error("the queue of pg-boss ran empty");
		await from.complete(
			queue,
			jobs.map(({ id }) => id),
		);
		return jobs.length;
	});
}
