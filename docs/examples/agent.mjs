#!/usr/bin/env node
// A stream agent with nothing but Node.js: docs/examples/agent.mjs http://127.0.0.1:5160
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const url = process.argv[2] ?? "http://127.0.0.1:5160";
const slots = 4;
// Who took a stream is the only one who may report about it. The name is new at each start.
const agentId = `node-${hostname()}-${process.pid}-${randomUUID()}`;
// The loop ends after the request under way: cut off, a take may have been answered already.
let stopping = false;
const stop = () => {
	stopping = true;
};
process.on("SIGTERM", stop).on("SIGINT", stop);

async function post(path, body) {
	const answer = await fetch(url + path, {
		method: "POST",
		headers: { "Content-Type": "application/json", "Agent-Id": agentId },
		body: JSON.stringify(body),
		signal: AbortSignal.timeout(30_000),
	});
	const { streams, desc, detail } = await answer.json();
	if (!answer.ok) throw new Error(`${desc}: ${detail}`);
	return streams;
}

/** What is done with one stream. Put your own work here. */
class Work {
	constructor({ stream_id, version, data }) {
		Object.assign(this, { stream_id, version, isFile: data.type === "videofile", began: performance.now() });
	}

	feedback(status) {
		const progress = Math.min((performance.now() - this.began) / 3000, 1);
		const now = this.isFile && progress === 1 ? "done" : "in_progress";
		const { stream_id, version } = this;
		return { stream_id, version, status: status ?? now, ...(this.isFile && { video_info: { progress } }) };
	}

	stop() {
		console.log(`${this.stream_id} is not ours any more`);
	}
}

const running = new Map();

/** The service holds the request until there is a stream, `wait` seconds at most. */
async function take(limit, wait) {
	const taken = await post(`/1/streams/processing/queue?wait=${wait}`, { filters: {}, limit });
	for (const stream of taken) {
		// Replaced meanwhile, a stream can come again in its new version before the old one was seen to be over.
		running.get(stream.stream_id)?.stop();
		running.set(stream.stream_id, new Work(stream));
		console.log(`took ${stream.stream_id}, version ${stream.version}`);
	}
}

/** Sends feedback; the answer shows what the service holds now. */
async function report(status) {
	const streams = [...running.values()].map((work) => work.feedback(status));
	const { modified, unmodified } = await post("/1/streams/processing/feedback", { streams });
	for (const item of [...modified, ...unmodified]) {
		const work = running.get(item.stream_id);
		const lost = unmodified.includes(item) || item.version !== work?.version;
		if (lost) work?.stop();
		if (lost || item.status !== "in_progress") running.delete(item.stream_id);
	}
}

while (!stopping) {
	try {
		if (running.size < slots) await take(slots - running.size, running.size > 0 ? 1 : 5);
		else await sleep(1000);
		if (running.size > 0) await report();
	} catch (error) {
		// The service is away: the work goes on, and the next answer says what is still ours.
		console.log(`the service cannot be reached: ${error.message}`);
		await sleep(1000);
	}
}
if (running.size > 0) await report("handler_lost");
