import { build } from "hdr-histogram-js";
import { WebSocket } from "ws";
import type { Figure } from "../figure.ts";
import { pause } from "../figure.ts";
import { answering } from "../processes.ts";

/** Many consoles: each socket looks at the same view, and counts the changes that it is told of. */
export interface WatchJob {
	port: number;
	sockets: number;
	/** Seconds to count for, after the sockets of an earlier job were opened; 0: open them. */
	seconds: number;
}

interface Seen {
	/** Of the round that the frame tells: the same frame goes to all sockets. */
	number: number;
	rows: number;
	/** When each of its changes was sent, milliseconds since 1970. */
	sent: number[];
}

const open: WebSocket[] = [];
let histogram = newHistogram();
let deliveries = 0;
let counting = false;
let last: Seen = { number: -1, rows: 0, sent: [] };

answering(async ({ port, sockets, seconds }: WatchJob): Promise<Figure | object> => {
	if (sockets === 0) {
		for (const socket of open.splice(0)) socket.close();
		return {};
	}
	while (open.length < sockets) open.push(await watcher(port));
	if (seconds === 0) return {};
	histogram = newHistogram();
	deliveries = 0;
	counting = true;
	const began = performance.now();
	await pause(seconds);
	counting = false;
	return {
		rate: deliveries / ((performance.now() - began) / 1000),
		p50: histogram.getValueAtPercentile(50) / 1000,
		p99: histogram.getValueAtPercentile(99) / 1000,
		p999: histogram.getValueAtPercentile(99.9) / 1000,
	};
});

function newHistogram() {
	return build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 60_000_000 });
}

/** A socket whose snapshot has come. */
function watcher(port: number): Promise<WebSocket> {
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(`ws://127.0.0.1:${port}/console/socket`, {
			perMessageDeflate: false,
			skipUTF8Validation: true,
		});
		socket.on("error", reject);
		socket.on("open", () =>
			socket.send('{"op":"streams","sub":1,"filter":{"statuses":["in_progress"]},"order":"oldest"}'),
		);
		socket.on("message", (data) => {
			if (!Buffer.isBuffer(data)) return;
			if (data.includes('"type":"snapshot"')) resolve(socket);
			else if (counting) count(data);
		});
	});
}

function count(frame: Buffer): void {
	const head = /^\{"type":"changes","number":(\d+)/.exec(frame.toString("latin1", 0, 64));
	if (head === null) return;
	const number = Number(head[1]);
	if (last.number !== number) {
		const sent = [...frame.toString("latin1").matchAll(/"desc":"sent (\d+\.\d+)/g)].map(([, at]) => Number(at));
		last = { number, rows: sent.length, sent };
	}
	deliveries += last.rows;
	const now = performance.timeOrigin + performance.now();
	for (const at of last.sent) histogram.recordValue(Math.max(1, Math.round((now - at) * 1000)));
}
