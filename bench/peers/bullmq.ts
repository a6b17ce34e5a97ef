import { Queue, Worker } from "bullmq";
import { type Figure, pause } from "../figure.ts";
import { answering } from "../processes.ts";
import { definition, type PeerQuestion } from "./peer.ts";

/** BullMQ 5 on a Redis that keeps nothing: `addBulk`, and a worker of 50 jobs at a time that forgets what is done. */
const NAME = "streams";

answering(async ({ url, what, seconds, count }: PeerQuestion): Promise<object> => {
	const { hostname: host, port } = new URL(url);
	const connection = { host, port: Number(port), maxRetriesPerRequest: null };
	return what === "fill" ? fill(connection, count) : work(connection, seconds);
});

interface Connection {
	host: string;
	port: number;
	maxRetriesPerRequest: null;
}

async function fill(connection: Connection, count: number): Promise<object> {
	const queue = new Queue(NAME, { connection });
	const jobs = Array.from({ length: 1_000 }, () => ({
		name: NAME,
		data: definition,
		opts: { removeOnComplete: true, removeOnFail: true },
	}));
	for (let made = 0; made < count; made += jobs.length) await queue.addBulk(jobs);
	await queue.close();
	return {};
}

async function work(connection: Connection, seconds: number): Promise<Figure> {
	let done = 0;
	const worker = new Worker(NAME, async () => void done++, { connection, concurrency: 50 });
	await worker.waitUntilReady();
	await pause(seconds / 10);
	const before = done;
	const began = performance.now();
	await pause(seconds);
	const rate = (done - before) / ((performance.now() - began) / 1000);
	await worker.close();
	return { rate };
}
