import { build } from "hdr-histogram-js";
import { Connection, rawRequest } from "./client.ts";
import type { LoadJob, LoadResult } from "./job.ts";

/** The load generator: a process of its own, so that it does not share the event loop of what it measures. */
process.on("message", async (job: LoadJob) => {
	process.send?.(await run(job));
});

async function run(job: LoadJob): Promise<LoadResult> {
	const histogram = build({
		lowestDiscernibleValue: 1,
		highestTrackableValue: 60_000_000,
		numberOfSignificantValueDigits: 3,
	});
	let items = 0;
	let requests = 0;
	let errors = 0;
	let measuring = false;
	let over = false;
	const note = (began: number, count: number, good: boolean) => {
		if (!measuring) return;
		histogram.recordValue(Math.max(1, Math.round((performance.now() - began) * 1000)));
		requests++;
		items += count;
		if (!good) errors++;
	};
	const one = async (index: number) => {
		const connection = await Connection.open(job.port);
		const { work } = job;
		if (work.kind === "requests") {
			const raw = work.requests.map((text) => Buffer.from(text, "latin1"));
			for (let at = index; !over; at += job.connections) {
				const request = raw[at % raw.length];
				if (!request) break;
				const began = performance.now();
				const { status } = await connection.ask(request);
				note(began, job.itemsPerRequest, status === work.expect);
			}
		} else {
			const take = rawRequest("POST", "/1/streams/processing/queue", `{"filters":{},"limit":${work.batch}}`);
			while (!over) {
				const began = performance.now();
				const taken = await connection.ask(take);
				const ids = streamIds(taken.body.toString());
				if (ids.length === 0) throw new Error("the queue ran empty: make more streams for this run");
				const items = ids.map((id) => `{"stream_id":"${id}","version":1,"status":"done"}`);
				const feedback = `{"streams":[${items.join()}]}`;
				const done = await connection.ask(rawRequest("POST", "/1/streams/processing/feedback", feedback));
				note(began, ids.length, taken.status === 200 && done.status === 200);
			}
		}
		connection.close();
	};
	const connections = Array.from({ length: job.connections }, (_, index) => one(index));
	await pause(job.seconds / 5);
	measuring = true;
	const began = performance.now();
	const cpu = process.cpuUsage();
	await pause(job.seconds);
	measuring = false;
	const seconds = (performance.now() - began) / 1000;
	const used = process.cpuUsage(cpu);
	over = true;
	await Promise.all(connections);
	return {
		requests,
		rate: items / seconds,
		p50: histogram.getValueAtPercentile(50) / 1000,
		p99: histogram.getValueAtPercentile(99) / 1000,
		p999: histogram.getValueAtPercentile(99.9) / 1000,
		cpu: (used.user + used.system) / 1e6 / seconds,
		errors,
	};
}

/** Cheaper than parsing 50 whole streams. */
function streamIds(text: string): string[] {
	return [...text.matchAll(/"stream_id":"([0-9a-f-]{36})"/g)].flatMap((match) => match[1] ?? []);
}

function pause(seconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
