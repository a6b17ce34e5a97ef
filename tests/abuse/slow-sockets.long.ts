import { setTimeout as sleep } from "node:timers/promises";
import { build } from "hdr-histogram-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Caller } from "../chaos/caller.ts";
import { say } from "../chaos/rounds.ts";
import { Program } from "../main-job/service-process.ts";
import { ACCOUNT } from "../main-job/stream-bodies.ts";
import { AbusedService } from "./abused-service.ts";

const SOCKETS = 2_000;
/** Seconds of good traffic, without the slow ones and beside them. */
const SECONDS = 20;
/** Seconds over which the slow ones are opened; since they live for about as long, so many come at any time. */
const SPREAD = 10;
/** Requests a second. */
const RATE = 200;
/** Seconds. */
const FREED = 15;
/** Milliseconds by which a p99 of one or two may differ without anybody's doing. */
const NOISE = 2;

let service: AbusedService;
let good: Caller;
beforeAll(async () => {
	service = await AbusedService.start();
	good = new Caller(service.url, { connections: 20 });
});
afterAll(async () => {
	good?.close();
	await service?.end();
});

/** Good traffic at a steady rate: every answer's time from the moment at which the request was due, in ms. */
async function traffic(seconds: number): Promise<{ p50: number; p99: number; wrong: number }> {
	const times = build({ numberOfSignificantValueDigits: 3 });
	let wrong = 0;
	const began = performance.now();
	const requests: Promise<void>[] = [];
	for (let sent = 0; sent < seconds * RATE; sent++) {
		const due = began + (sent / RATE) * 1_000;
		const wait = due - performance.now();
		if (wait > 0) await sleep(wait);
		const ask = () =>
			sent % 2 === 0
				? good.ask("GET", `/1/streams/count?account_ids=${ACCOUNT}`)
				: good.ask("POST", "/1/streams/processing/feedback", { streams: [] });
		requests.push(
			// Asked twice if need be: the service may be closing the idle connection at that very moment.
			ask()
				.catch(ask)
				.then(
					({ status }) => {
						times.recordValue(Math.round(Math.max(0, performance.now() - due) * 1_000));
						if (status !== 200) wrong++;
					},
					() => void wrong++,
				),
		);
	}
	await Promise.all(requests);
	return { p50: times.getValueAtPercentile(50) / 1_000, p99: times.getValueAtPercentile(99) / 1_000, wrong };
}

test(`${SOCKETS} slow connections are closed within ${FREED} s, and the others do not notice them`, async () => {
	await traffic(2);
	const before = await traffic(SECONDS);
	const resting = await service.held();
	const about = [service.port, SOCKETS, SPREAD].map(String);
	const slow = new Program(["--import", "tsx", "tests/abuse/slow-clients.ts", ...about]);
	while (!slow.lines.some(({ open }) => open === SOCKETS) && !slow.over) await sleep(20);
	const beside = await traffic(SECONDS);
	slow.child.kill("SIGTERM");
	await slow.ended;
	const seconds = slow.lines.flatMap(({ seconds }) => (Array.isArray(seconds) ? seconds.map(Number) : []));
	const longest = Math.max(...seconds);
	const freed = await service.held();
	say(
		`${SOCKETS} slow connections at any time, ${seconds.length} in all: closed after ${Math.min(...seconds).toFixed(1)} to ${longest.toFixed(1)} s; good traffic p50 ${before.p50} → ${beside.p50} ms, p99 ${before.p99} → ${beside.p99} ms; handles ${resting.handles} → ${freed.handles}`,
	);
	expect(seconds.length).toBeGreaterThanOrEqual(SOCKETS);
	expect(longest).toBeLessThan(FREED);
	expect([before.wrong, beside.wrong]).toEqual([0, 0]);
	expect(beside.p99).toBeLessThan(before.p99 * 1.2 + NOISE);
	expect(freed.handles).toBeLessThanOrEqual(resting.handles + 3);
	await service.expectSound();
}, 180_000);
