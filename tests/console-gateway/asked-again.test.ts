import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { everything, type Scope } from "../../persistence/scope.ts";
import type { StreamStatus } from "../../persistence/stream-row.ts";
import { anonymous, type Caller } from "../../server/access/caller.ts";
import { Counts } from "../../server/console/counts.ts";
import type { Session, Subscription } from "../../server/console/session.ts";
import { Topic } from "../../server/console/topic.ts";
import { type Deferred, deferred } from "../support/signals.ts";
import { QuietPage } from "./quiet-page.ts";

/** More than are kept of what nobody looks at any more. */
const MANY = 150;

const log = { error: () => undefined } as never;
const callerOf = (account: string): Caller => ({ ...anonymous, id: account, accounts: [account] });

/** Readings that end when the test says so; each finds how many there have been. */
class Readings<Found> {
	readonly #under: Deferred<Found>[] = [];
	readonly #found: (at: number) => Found;
	begun = 0;

	constructor(found: (at: number) => Found) {
		this.#found = found;
	}

	readonly read = (): Promise<Found> => {
		this.begun++;
		const reading = deferred<Found>();
		this.#under.push(reading);
		return reading.promise;
	};

	/** Ends all that are under way. */
	async end(): Promise<void> {
		for (const reading of this.#under.splice(0)) reading.resolve(this.#found(this.begun));
		await new Promise(setImmediate);
	}
}

interface Asked {
	subscribe(session: Session, sub: number): Subscription;
	touch(): void;
	tick(now: number): void;
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"], now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

describe.each([
	[
		"the queue",
		() => {
			const readings = new Readings((at) => ({ pending: at }));
			const { read } = readings;
			const asked = new Topic({ name: "queue", type: "queue", interval: 1_000, read, members: (state) => state, log });
			const told = (page: QuietPage) => page.of("queue").map(({ pending }) => pending);
			return { asked: asked as Asked, readings: readings as Readings<unknown>, told };
		},
	],
	[
		"counters",
		() => {
			const readings = new Readings((at) => new Map<StreamStatus, number>([["pending", at]]));
			// Those of everything are counted with nobody looking, too.
			const count = (scope: Scope) => (scope === everything ? Promise.resolve(new Map()) : readings.read());
			const asked = new Counts({ count, log });
			const told = (page: QuietPage) => page.of("counts").map(({ counts }) => counts.pending);
			return { asked: asked as Asked, readings: readings as Readings<unknown>, told };
		},
	],
])("%s, asked for again and again by a page", (_, begin) => {
	test("have one reading under way, however many are asked for while it lasts", async () => {
		const { asked, readings, told } = begin();
		const page = new QuietPage("a", callerOf(randomUUID()));
		for (let at = 0; at < 200; at++) {
			asked.subscribe(page.session, 1).end();
			asked.touch();
			vi.advanceTimersByTime(50);
			asked.tick(performance.now());
		}
		expect(readings.begun).toBe(1);
		await readings.end();
		expect(told(page)).toEqual([]);
	});

	test("are read no more often than for a page that stays, and told at once as they were read last", async () => {
		const { asked, readings, told } = begin();
		const page = new QuietPage("a", callerOf(randomUUID()));
		const stays = asked.subscribe(page.session, 1);
		await readings.end();
		stays.end();
		for (let at = 0; at < 90; at++) {
			const newcomer = new QuietPage("a", page.session.caller);
			const subscription = asked.subscribe(newcomer.session, 1);
			expect(told(newcomer)).toEqual([1]);
			subscription.end();
			asked.touch();
			vi.advanceTimersByTime(10);
			asked.tick(performance.now());
		}
		expect(readings.begun).toBe(1);
		vi.advanceTimersByTime(101);
		const subscription = asked.subscribe(page.session, 1);
		expect(readings.begun).toBe(2);
		await readings.end();
		expect(told(page).at(-1)).toBe(2);
		subscription.end();
	});

	test("are read for a page that stays as often as without it", async () => {
		const { asked, readings, told } = begin();
		const caller = callerOf(randomUUID());
		const stays = new QuietPage("a", caller);
		asked.subscribe(stays.session, 1);
		for (let at = 0; at < 300; at++) {
			asked.subscribe(new QuietPage("a", caller).session, 1).end();
			await readings.end();
			asked.touch();
			vi.advanceTimersByTime(20);
			asked.tick(performance.now());
		}
		// At the beginning, and with each of six seconds.
		expect(readings.begun).toBe(7);
		await readings.end();
		expect([...new Set(told(stays))]).toEqual([1, 2, 3, 4, 5, 6, 7]);
	});

	test("are kept of a bounded number of scopes that nobody looks from", async () => {
		const { asked, readings, told } = begin();
		const callers = Array.from({ length: MANY }, () => callerOf(randomUUID()));
		const left = callers.map((caller) => asked.subscribe(new QuietPage(caller.id, caller).session, 1));
		await readings.end();
		const stays = new QuietPage("b", callerOf(randomUUID()));
		asked.subscribe(stays.session, 1);
		await readings.end();
		for (const subscription of left) subscription.end();
		const { begun } = readings;
		const known = callers.filter((caller) => {
			const page = new QuietPage(caller.id, caller);
			asked.subscribe(page.session, 1);
			return told(page).length > 0;
		});
		expect(known).toEqual(callers.slice(-100));
		expect(readings.begun - begun).toBe(MANY - 100);
		expect(told(stays)).toHaveLength(1);
	});
});

test("what nothing tells of is read again for a page that comes back, as soon as it may be", async () => {
	const readings = new Readings((at) => ({ pending: at }));
	const { read } = readings;
	const queue = new Topic({ name: "queue", type: "queue", interval: 1_000, read, members: (state) => state, log });
	const page = new QuietPage("a");
	queue.subscribe(page.session, 1).end();
	await readings.end();
	queue.subscribe(page.session, 1);
	vi.advanceTimersByTime(999);
	queue.tick(performance.now());
	expect(readings.begun).toBe(1);
	vi.advanceTimersByTime(1);
	queue.tick(performance.now());
	await readings.end();
	expect(page.of("queue").map(({ pending }) => pending)).toEqual([1, 2]);
});

test("the queue of a scope that nobody looks from is forgotten when it may be read again", async () => {
	const readings = new Readings((at) => ({ pending: at }));
	const { read } = readings;
	const queue = new Topic({ name: "queue", type: "queue", interval: 1_000, read, members: (state) => state, log });
	const page = new QuietPage("a");
	const look = () => queue.subscribe(page.session, 1);
	look().end();
	vi.advanceTimersByTime(30_000);
	queue.tick(performance.now());
	// Still under way: nothing runs beside it.
	look().end();
	expect(readings.begun).toBe(1);
	await readings.end();
	// It took long, and what takes long is read the less often.
	vi.advanceTimersByTime(569_000);
	queue.tick(performance.now());
	look().end();
	expect([readings.begun, page.of("queue").length]).toEqual([1, 1]);
	vi.advanceTimersByTime(1_000);
	queue.tick(performance.now());
	look();
	expect([readings.begun, page.of("queue").length]).toEqual([2, 1]);
	await readings.end();
});
