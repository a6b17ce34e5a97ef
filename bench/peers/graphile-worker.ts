import { Logger, makeWorkerUtils, run, type WorkerUtils } from "graphile-worker";
import { type Figure, pause } from "../figure.ts";
import { answering } from "../processes.ts";
import { definition, type PeerQuestion, rateOf } from "./peer.ts";

/**
 * graphile-worker as its manual's page on performance recommends it: a task that is a function, no named queues, a local
 * queue of 500 jobs and completions in batches (both came with 0.17), 24 jobs at a time.
 */
const TASK = "stream";
const silent = new Logger(() => () => undefined);

let utils: WorkerUtils | null = null;

answering(async ({ url, what, seconds, count }: PeerQuestion): Promise<object> => {
	utils ??= await open(url);
	if (what === "fill") return fill(utils, count);
	if (what === "create") return create(utils, seconds, count);
	const figure = await work(url, seconds);
	await warnIfEmpty(utils);
	return figure;
});

async function open(connectionString: string): Promise<WorkerUtils> {
	const opened = await makeWorkerUtils({ connectionString, maxPoolSize: 10, logger: silent });
	await opened.migrate();
	return opened;
}

async function create(by: WorkerUtils, seconds: number, callers: number): Promise<Figure> {
	return rateOf(seconds, callers, async () => {
		await by.addJob(TASK, definition);
		return 1;
	});
}

async function fill(by: WorkerUtils, count: number): Promise<object> {
	for (let made = 0; made < count; made += 1_000)
		await by.withPgClient((client) =>
			client.query(
				`SELECT graphile_worker.add_jobs(ARRAY(
				SELECT ($1, $2::json, NULL, NULL, NULL, NULL, NULL, NULL)::graphile_worker.job_spec FROM generate_series(1, 1000)
			))`,
				[TASK, JSON.stringify(definition)],
			),
		);
	return {};
}

/** A queue that ran dry was measured instead. */
async function warnIfEmpty(by: WorkerUtils): Promise<void> {
	const { rows } = await by.withPgClient((client) => client.query("SELECT FROM graphile_worker.jobs LIMIT 1"));
	if (rows.length === 0) console.warn("  the queue of graphile-worker ran empty: it is faster than it says here");
}

async function work(connectionString: string, seconds: number): Promise<Figure> {
	let done = 0;
	const runner = await run({
		connectionString,
		maxPoolSize: 10,
		logger: silent,
		noHandleSignals: true,
		taskList: {
			[TASK]: async () => {
				done++;
			},
		},
		preset: {
			worker: {
				concurrentJobs: 24,
				pollInterval: 1_000,
				localQueue: { size: 500 },
				completeJobBatchDelay: 0,
				failJobBatchDelay: 0,
			},
		},
	});
	try {
		await pause(seconds / 10);
		const before = done;
		const began = performance.now();
		await pause(seconds);
		return { rate: (done - before) / ((performance.now() - began) / 1000) };
	} finally {
		await runner.stop();
	}
}
