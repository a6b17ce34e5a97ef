import { setTimeout as sleep } from "node:timers/promises";
import { build, type Histogram } from "hdr-histogram-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Caller } from "../chaos/caller.ts";
import { say } from "../chaos/rounds.ts";
import { Program } from "../main-job/service-process.ts";
import { ACCOUNT } from "../main-job/stream-bodies.ts";
import { newSeed } from "../support/seeded-random.ts";
import { AbusedService } from "./abused-service.ts";

const SOCKETS = 2_000;
/**
 * Seconds over which the slow ones are opened at first: as long as they live, so that they do not all come to their end together. Each
 * that is closed is opened again.
 */
const SPREAD = 12;
/** Seconds of good traffic. */
const SECONDS = 60;
/** Requests a second to each service. */
const RATE = 100;
/** Seconds. */
const FREED = 15;
/** Milliseconds by which a p99 of one or two may differ without anybody's doing. */
const NOISE = 2;

/** A service with its good traffic, and what that has seen. */
interface Side {
	service: AbusedService;
	good: Caller;
	/** Microseconds from the moment at which a request was due to its answer. */
	times: Histogram;
	/** What was wrong with those that were not answered 200. */
	wrong: string[];
}

/** Two of the same: what else the machine does meanwhile is the same for both. */
let abused: Side;
let calm: Side;
beforeAll(async () => {
	[abused, calm] = await Promise.all([side(), side()]);
});
afterAll(async () => {
	for (const each of [abused, calm]) {
		each?.good.close();
		await each?.service.end();
	}
});

async function side(): Promise<Side> {
	const service = await AbusedService.start();
	const good = new Caller(service.url, { connections: 20 });
	return { service, good, times: build({ numberOfSignificantValueDigits: 3 }), wrong: [] };
}

/** Good traffic at a steady rate to both, by turns. */
async function traffic(seconds: number): Promise<void> {
	const began = performance.now();
	const requests: Promise<void>[] = [];
	for (let sent = 0; sent < seconds * RATE * 2; sent++) {
		const due = began + (sent / RATE / 2) * 1_000;
		const wait = due - performance.now();
		if (wait > 0) await sleep(wait);
		requests.push(request(sent % 2 === 0 ? abused : calm, sent % 4 < 2, due));
	}
	await Promise.all(requests);
}

async function request(at: Side, count: boolean, due: number): Promise<void> {
	try {
		const { status } = await (count
			? at.good.ask("GET", `/1/streams/count?account_ids=${ACCOUNT}`)
			: at.good.ask("POST", "/1/streams/processing/feedback", { streams: [] }));
		at.times.recordValue(Math.round(Math.max(0, performance.now() - due) * 1_000));
		if (status !== 200) at.wrong.push(`status ${status}`);
	} catch (error) {
		// No answer at all.
		at.wrong.push(String(error));
	}
}

const quantile = ({ times }: Side, percent: number) => times.getValueAtPercentile(percent) / 1_000;

test(`${SOCKETS} slow connections are closed within ${FREED} s, and the others do not notice them`, async () => {
	await traffic(2);
	// Both collect their garbage: how soon one does so next depends on it.
	const [resting] = await Promise.all([abused.service.held(), calm.service.held()]);
	const seed = newSeed();
	const about = [abused.service.port, SOCKETS, SPREAD, seed].map(String);
	const slow = new Program(["--import", "tsx", "tests/abuse/slow-clients.ts", ...about]);
	// Each has been closed and opened again: what a service that runs for months compiles of itself once is compiled.
	while (!slow.lines.some(({ opened }) => opened === 2 * SOCKETS)) {
		expect(slow.over, slow.stderr).toBe(false);
		await sleep(20);
	}
	for (const { times } of [abused, calm]) times.reset();
	const cost = () => abused.service.processorSeconds - calm.service.processorSeconds;
	const before = cost();
	await traffic(SECONDS);
	const percent = ((cost() - before) / SECONDS) * 100;
	slow.child.kill("SIGTERM");
	await slow.ended;
	const seconds = slow.lines.flatMap(({ seconds }) => (Array.isArray(seconds) ? seconds.map(Number) : []));
	const longest = Math.max(...seconds);
	const freed = await abused.service.held();
	const [p50, p99] = [50, 99].map((each) => `${quantile(calm, each)} → ${quantile(abused, each)} ms`);
	say(
		`seed ${seed}: ${SOCKETS} slow connections, ${seconds.length} one after the other: closed after ${Math.min(...seconds).toFixed(1)} to ${longest.toFixed(1)} s; good traffic of a service without them → of theirs: p50 ${p50}, p99 ${p99}; they take ${percent.toFixed(1)} % of a processor; handles ${resting.handles} → ${freed.handles}`,
	);
	expect(seconds.length).toBeGreaterThanOrEqual(SOCKETS);
	expect(longest).toBeLessThan(FREED);
	expect([calm.wrong, abused.wrong]).toEqual([[], []]);
	expect(quantile(abused, 99)).toBeLessThan(quantile(calm, 99) * 1.2 + NOISE);
	expect(freed.handles).toBeLessThanOrEqual(resting.handles + 3);
	await abused.service.expectSound();
}, 180_000);
