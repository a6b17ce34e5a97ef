import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "hdr-histogram-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ApiClient } from "../main-job/api-client.ts";
import { ServiceProcess } from "../main-job/service-process.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { eventually } from "../support/signals.ts";

/**
 * `npm run console-load`: 200 pages that freeze and 100 that go on, at 500 changes a second. CONSOLE_LOAD_SECONDS says for
 * how long (120).
 */
const SECONDS = Number(process.env["CONSOLE_LOAD_SECONDS"] ?? 120);
const [FROZEN, GOOD, STREAMS, RATE, BATCH] = [200, 100, 1_000, 500, 25];
const WARM_UP = 20;

let database: FreshDatabase;
let service: ServiceProcess;
let api: ApiClient;
const sockets: WebSocket[] = [];

beforeAll(async () => {
	database = await freshDatabase();
	service = await new ServiceProcess({ DATABASE_URL: database.url }).ready();
	api = service.client();
});
afterAll(async () => {
	for (const socket of sockets) socket.terminate();
	await service.end();
	await database.drop();
});

/** Resident memory of the service, MB. */
function resident(): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, "utf8"))?.[1]) / 1024;
}

function connect(hear: (frame: string) => void): Promise<WebSocket> {
	const socket = new WebSocket(`${service.url.replace("http", "ws")}/console/socket`, { perMessageDeflate: false });
	sockets.push(socket);
	socket.on("error", () => undefined);
	return new Promise((resolve) => {
		socket.on("open", () => socket.send('{"op":"streams","sub":1,"filter":{},"order":"oldest"}'));
		socket.on("message", (data: Buffer) => {
			const text = data.toString("latin1");
			if (text.startsWith('{"type":"snapshot"')) resolve(socket);
			else hear(text);
		});
	});
}

/** Reports an error that says when, of streams in turn, at a steady rate. */
async function report(ids: readonly string[], ends: () => boolean): Promise<number> {
	let at = 0;
	let sent = 0;
	const began = performance.now();
	while (!ends()) {
		const streams = Array.from({ length: BATCH }, () => {
			const stream_id = ids[at++ % ids.length]!;
			const error = { error_code: at, desc: `t${Date.now()}`, detail: "" };
			return { stream_id, version: 1, status: "in_progress", error };
		});
		await api.feedback(streams);
		sent += BATCH;
		await sleep(Math.max(0, began + (sent / RATE) * 1_000 - performance.now()));
	}
	return (sent / (performance.now() - began)) * 1_000;
}

test(`${FROZEN} frozen pages cost no memory and are closed, ${GOOD} others do not notice`, async () => {
	const ids = await Promise.all(
		Array.from({ length: STREAMS }, () => api.create(streamBody({ name: "camera ".repeat(4) }))),
	);
	while ((await api.take(500)).length > 0);
	const latencies = build();
	let measuring = false;
	const hear = (text: string) => {
		if (!measuring) return;
		const now = Date.now();
		for (const [, at] of text.matchAll(/"desc":"t(\d+)"/g)) latencies.recordValue(Math.max(0, now - Number(at)));
	};
	const good = await Promise.all(
		Array.from({ length: GOOD }, (_, at) => connect(at % 5 === 0 ? hear : () => undefined)),
	);
	const frozen = await Promise.all(Array.from({ length: FROZEN }, () => connect(() => undefined)));
	const codes: number[] = [];
	for (const socket of frozen) socket.on("close", (code) => codes.push(code));
	let over = false;
	const reporting = report(ids, () => over);
	await sleep(WARM_UP * 1_000);
	const before = resident();
	for (const socket of frozen) socket.pause();
	const began = performance.now();
	measuring = true;
	let peak = before;
	let closed = Number.POSITIVE_INFINITY;
	await eventually(
		async () => {
			const slow = await api.metric("perigee_console_sockets_slow_total");
			const seconds = (performance.now() - began) / 1_000;
			peak = Math.max(peak, resident());
			if (slow >= FROZEN && closed > seconds) {
				closed = seconds;
				// While the connection is still there: later the system has given it up, and the code with it.
				for (const socket of frozen) socket.resume();
			}
			if (seconds > SECONDS) return true;
			await sleep(500);
			return false;
		},
		{ timeoutMs: (SECONDS + 60) * 1_000 },
	);
	over = true;
	const rate = await reporting;
	const p99 = latencies.getValueAtPercentile(99);
	console.log(
		`frozen ${FROZEN}, good ${GOOD}, ${rate.toFixed(0)} changes/s for ${SECONDS} s: all frozen ones closed after ${closed.toFixed(1)} s; ` +
			`resident ${before.toFixed(0)} MB, at most ${peak.toFixed(0)} MB; good ones p50 ${latencies.getValueAtPercentile(50)} ms, p99 ${p99} ms`,
	);
	await eventually(() => codes.length === FROZEN, { timeoutMs: 30_000 });
	expect([...new Set(codes)]).toEqual([4002]);
	expect(good.every((socket) => socket.readyState === WebSocket.OPEN)).toBe(true);
	expect(closed).toBeLessThan(30);
	expect(peak - before).toBeLessThan(50);
	expect(p99).toBeLessThan(250);
});
