import { setTimeout as sleep } from "node:timers/promises";
import { build } from "hdr-histogram-js";
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
/** The two services are by turns the one with slow connections and the one without. */
const ROUNDS = 4;
/** Seconds of good traffic in a round. */
const SECONDS = 45;
/** Requests a second to each service. */
const RATE = 100;
/** Seconds. */
const FREED = 15;
/** By how much the p99 of good traffic may rise. */
const RISE = 1.2;

/** A service and its good traffic. */
interface Side {
	service: AbusedService;
	good: Caller;
}

/** What good traffic has seen. */
class Seen {
	/** Microseconds from the moment at which a request was due to its answer. */
	readonly times = build({ numberOfSignificantValueDigits: 3 });
	/** What was wrong with those that were not answered 200. */
	readonly wrong: string[] = [];

	/** @returns milliseconds */
	percentile(percent: number): number {
		return this.times.getValueAtPercentile(percent) / 1_000;
	}
}

/** Two of the same: what else the machine does meanwhile is the same for both. */
const sides: Side[] = [];
beforeAll(async () => {
	sides.push(...(await Promise.all([side(), side()])));
});
afterAll(async () => {
	for (const { good, service } of sides) {
		good.close();
		await service.end();
	}
});

async function side(): Promise<Side> {
	const service = await AbusedService.start();
	return { service, good: new Caller(service.url, { connections: 20 }) };
}

/** Good traffic at a steady rate to both, by turns. */
async function traffic(seconds: number, to: readonly [Side, Seen][]): Promise<void> {
	const began = performance.now();
	const requests: Promise<void>[] = [];
	for (let sent = 0; sent < seconds * RATE; sent++) {
		for (const [at, [{ good }, seen]] of to.entries()) {
			const due = began + ((sent + at / to.length) / RATE) * 1_000;
			const wait = due - performance.now();
			if (wait > 0) await sleep(wait);
			requests.push(request(good, sent % 2 === 0, due, seen));
		}
	}
	await Promise.all(requests);
}

async function request(good: Caller, count: boolean, due: number, { times, wrong }: Seen): Promise<void> {
	try {
		const { status } = await (count
			? good.ask("GET", `/1/streams/count?account_ids=${ACCOUNT}`)
			: good.ask("POST", "/1/streams/processing/feedback", { streams: [] }));
		times.recordValue(Math.round(Math.max(0, performance.now() - due) * 1_000));
		if (status !== 200) wrong.push(`status ${status}`);
	} catch (error) {
		// No answer at all.
		wrong.push(String(error));
	}
}

/** A round of good traffic to both while one has slow connections. */
class Round {
	/** How long each slow connection was open, in seconds. */
	seconds: number[] = [];
	/** Percent of a processor that the slow ones take. */
	percent = 0;
	readonly without = new Seen();
	readonly beside = new Seen();

	async run(seed: number, calm: Side, abused: Side): Promise<void> {
		const about = [abused.service.port, SOCKETS, SPREAD, seed].map(String);
		const slow = new Program(["--import", "tsx", "tests/abuse/slow-clients.ts", ...about]);
		// Each has been closed and opened again: what a service that runs for months compiles of itself once is compiled.
		while (!slow.lines.some(({ opened }) => opened === 2 * SOCKETS)) {
			expect(slow.over, slow.stderr).toBe(false);
			await sleep(20);
		}
		const cost = () => abused.service.processorSeconds - calm.service.processorSeconds;
		const before = cost();
		await traffic(SECONDS, [
			[abused, this.beside],
			[calm, this.without],
		]);
		this.percent = ((cost() - before) / SECONDS) * 100;
		slow.child.kill("SIGTERM");
		await slow.ended;
		this.seconds = slow.lines.flatMap(({ seconds }) => (Array.isArray(seconds) ? seconds.map(Number) : []));
	}
}

const rise = (without: Seen, beside: Seen, percent: number) =>
	`p${percent} ${without.percentile(percent)} → ${beside.percentile(percent)} ms`;

test(`${SOCKETS} slow connections are closed within ${FREED} s, and the others do not notice them`, async () => {
	await traffic(
		2,
		sides.map((side) => [side, new Seen()]),
	);
	// Both collect their garbage: how soon one does so next depends on it.
	const resting = await Promise.all(sides.map(({ service }) => service.held()));
	const seed = newSeed();
	say(`seed ${seed}: ${SOCKETS} slow connections to one of two services, by turns`);
	const rounds: Round[] = [];
	for (let at = 0; at < ROUNDS; at++) {
		const [calm, abused] = at % 2 === 0 ? sides : sides.toReversed();
		if (calm === undefined || abused === undefined) throw new Error("a service did not start");
		const round = new Round();
		await round.run(seed + at, calm, abused);
		rounds.push(round);
		say(`round ${at + 1}: good traffic without them → beside them: ${rise(round.without, round.beside, 99)}`);
	}
	const freed = await Promise.all(sides.map(({ service }) => service.held()));
	const seconds = rounds.flatMap((round) => round.seconds);
	const longest = Math.max(...seconds);
	const [without, beside] = [new Seen(), new Seen()];
	for (const round of rounds) {
		without.times.add(round.without.times);
		beside.times.add(round.beside.times);
	}
	const percent = rounds.reduce((sum, round) => sum + round.percent, 0) / ROUNDS;
	const handles = sides.map((_, at) => `${resting[at]?.handles} → ${freed[at]?.handles}`).join(", ");
	say(
		`seed ${seed}: ${seconds.length} of them one after the other closed after ${Math.min(...seconds).toFixed(1)} to ${longest.toFixed(1)} s; good traffic without them → beside them: ${rise(without, beside, 50)}, ${rise(without, beside, 99)}, ${without.times.totalCount} requests each; they take ${percent.toFixed(1)} % of a processor; handles ${handles}`,
	);
	for (const round of rounds) {
		expect(round.seconds.length).toBeGreaterThanOrEqual(SOCKETS);
		expect([round.without.wrong, round.beside.wrong]).toEqual([[], []]);
	}
	expect(longest).toBeLessThan(FREED);
	expect(beside.percentile(99)).toBeLessThanOrEqual(without.percentile(99) * RISE);
	for (const [at, { service }] of sides.entries()) {
		expect(freed[at]?.handles).toBeLessThanOrEqual((resting[at]?.handles ?? 0) + 3);
		await service.expectSound();
	}
}, 600_000);
