import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { pause } from "../figure.ts";
import { answering } from "../processes.ts";
import { Connection, rawRequest } from "./client.ts";
import type { LoadJob, LoadResult } from "./job.ts";

/** The load generator: a process of its own, so that it does not share the event loop of what it measures. */
answering(run);

async function run(job: LoadJob): Promise<LoadResult> {
	const tally = new Tally();
	const connections = await Promise.all(Array.from({ length: job.connections }, () => Connection.open(job.port)));
	const work = Promise.all(
		connections.map((connection, index) =>
			job.work.kind === "requests"
				? sendAll(connection, job, job.work, index, tally)
				: takeAndReport(connection, job.work.batch, tally),
		),
	);
	await pause(job.seconds / 10);
	tally.measuring = true;
	const began = performance.now();
	const cpu = process.cpuUsage();
	await pause(job.seconds);
	tally.measuring = false;
	const seconds = (performance.now() - began) / 1000;
	const used = process.cpuUsage(cpu);
	tally.over = true;
	await work;
	for (const connection of connections) connection.close();
	const { requests, items, errors } = tally;
	return {
		requests,
		rate: items / seconds,
		histogram: encodeIntoCompressedBase64(tally.histogram),
		cpu: (used.user + used.system) / 1e6 / seconds,
		errors,
	};
}

/** What was answered while it counts. */
class Tally {
	readonly histogram = build({
		lowestDiscernibleValue: 1,
		highestTrackableValue: 60_000_000,
		numberOfSignificantValueDigits: 3,
	});
	items = 0;
	requests = 0;
	errors = 0;
	measuring = false;
	over = false;

	note(began: number, count: number, good: boolean): void {
		if (!this.measuring) return;
		this.histogram.recordValue(Math.max(1, Math.round((performance.now() - began) * 1000)));
		this.requests++;
		this.items += count;
		if (!good) this.errors++;
	}
}

/** Without a promise for each request: they are many. */
function sendAll(
	connection: Connection,
	{ itemsPerRequest }: LoadJob,
	{ requests, expect, first, step }: Extract<LoadJob["work"], { kind: "requests" }>,
	index: number,
	tally: Tally,
): Promise<void> {
	const raw = rawOf(requests);
	return new Promise((resolve, reject) => {
		let at = first + index;
		let began = 0;
		const next = () => {
			const request = raw[at % raw.length];
			if (tally.over || request === undefined) {
				resolve();
				return;
			}
			at += step;
			began = performance.now();
			connection.send(request, answered, reject);
		};
		const answered = ({ status }: { status: number }) => {
			tally.note(began, itemsPerRequest, status === expect);
			next();
		};
		next();
	});
}

let made: { from: string[]; raw: Buffer[] } | null = null;

/** Made once for all connections. */
function rawOf(requests: string[]): Buffer[] {
	if (made?.from !== requests) made = { from: requests, raw: requests.map((text) => Buffer.from(text, "latin1")) };
	return made.raw;
}

async function takeAndReport(connection: Connection, batch: number, tally: Tally): Promise<void> {
	const take = rawRequest("POST", "/1/streams/processing/queue", `{"filters":{},"limit":${batch}}`);
	while (!tally.over) {
		const began = performance.now();
		const taken = await connection.ask(take);
		const ids = streamIds(taken.body.toString("latin1"));
		if (ids.length === 0) throw new Error("the queue ran empty: make more streams for this run");
		const items = ids.map((id) => `{"stream_id":"${id}","version":1,"status":"done"}`);
		const feedback = `{"streams":[${items.join()}]}`;
		const done = await connection.ask(rawRequest("POST", "/1/streams/processing/feedback", feedback));
		tally.note(began, ids.length, taken.status === 200 && done.status === 200);
	}
}

/** Cheaper than parsing 50 whole streams. */
function streamIds(text: string): string[] {
	return [...text.matchAll(/"stream_id":"([0-9a-f-]{36})"/g)].flatMap((match) => match[1] ?? []);
}
