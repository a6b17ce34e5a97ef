import type { Logger, RunnerOptions, WorkerUtils } from "graphile-worker";
import { type Figure, pause } from "../figure.ts";
import { answering } from "../processes.ts";
import { definition, type PeerQuestion, rateOf } from "./peer.ts";

const TASK = "stream";

/** What the bench uses of the library, of whichever version. */
export interface Library {
	Logger: typeof Logger;
	makeWorkerUtils(options: Pick<RunnerOptions, "connectionString" | "maxPoolSize" | "logger">): Promise<WorkerUtils>;
	run(options: RunnerOptions): Promise<{ stop(): Promise<void> }>;
}

/** Answers the bench's questions by this library, whose runner works with these options. Its tasks are functions, and no queues are named. */
export function answerBy({ Logger, makeWorkerUtils, run }: Library, options: RunnerOptions): void {
	const logger = new Logger(() => () => undefined);
	let utils: WorkerUtils | null = null;
	answering(async ({ url: connectionString, what, seconds, count }: PeerQuestion): Promise<object> => {
		if (utils === null) {
			utils = await makeWorkerUtils({ connectionString, maxPoolSize: 10, logger });
			await utils.migrate();
		}
		if (what === "fill") return fill(utils, count);
		if (what === "create") return create(utils, seconds, count);
		const figure = await work(run, { ...options, connectionString, logger, noHandleSignals: true }, seconds);
		await warnIfEmpty(utils);
		return figure;
	});
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

async function work(run: Library["run"], options: RunnerOptions, seconds: number): Promise<Figure> {
	let done = 0;
	const task = async () => {
		done++;
	};
	const runner = await run({ ...options, taskList: { [TASK]: task } });
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
