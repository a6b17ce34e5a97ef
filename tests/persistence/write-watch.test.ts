import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findDue, findSilent, watch } from "../../persistence/streams/watch.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 2, onnotice: () => undefined });
});
beforeEach(async () => {
	await sql`TRUNCATE streams, stream_states`;
	await sql`UPDATE supervision SET seen_time = '-infinity', grace_time = '-infinity', grace_spent = 0`;
});
afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

const PERIOD = 60;
const INTERVAL = 5;

/** Lets so many seconds pass, as far as the table knows. */
async function pass(seconds: number): Promise<void> {
	await sql`
		UPDATE supervision SET seen_time = seen_time - make_interval(secs => ${seconds}),
			grace_time = grace_time - make_interval(secs => ${seconds})`;
}

const look = (first = false) => watch(sql, { period: PERIOD, interval: INTERVAL, first });

/** Looks every interval for so many seconds. Answers after how many of them the grace was over, or null. */
async function lookFor(seconds: number): Promise<number | null> {
	for (let passed = INTERVAL; passed <= seconds; passed += INTERVAL) {
		await pass(INTERVAL);
		if (!(await look())) return passed;
	}
	return null;
}

describe("grace (contract, section 8)", () => {
	test("is one period after the first node's start", async () => {
		expect(await look(true)).toBe(true);
		expect(await lookFor(2 * PERIOD)).toBe(PERIOD);
		expect(await lookFor(PERIOD), "and it stays over").toBe(INTERVAL);
	});

	test("is one period after nobody could watch for a while", async () => {
		await look(true);
		await lookFor(2 * PERIOD);
		await pass(600);
		expect(await look()).toBe(true);
		expect(await lookFor(2 * PERIOD)).toBe(PERIOD);
	});

	test("is given again when the database goes away within a grace, however long it is away", async () => {
		const back = () => watch(sql, { period: PERIOD, interval: INTERVAL, first: false, away: true });
		await look(true);
		for (let outage = 0; outage < 4; outage++) {
			await pass(INTERVAL);
			expect(await look()).toBe(true);
			await pass(600);
			expect(await back()).toBe(true);
			// The other nodes find it again a moment later.
			await pass(0.1);
			expect(await back()).toBe(true);
		}
		expect(await lookFor(2 * PERIOD)).toBe(PERIOD);
	});

	test("ends all the same when the database comes and goes all the time", async () => {
		const back = () => watch(sql, { period: PERIOD, interval: INTERVAL, first: false, away: true });
		let kept = 0;
		while (await back()) {
			expect(kept).toBeLessThanOrEqual(2 * PERIOD);
			await pass(4);
			kept += 4;
		}
	});

	test("is not given because a look came a little late", async () => {
		await look(true);
		await lookFor(2 * PERIOD);
		await pass(2 * INTERVAL);
		expect(await look()).toBe(false);
	});

	test.each([1, 4, 30, 55, 59])(
		"is over after two periods of it, though the node starts again every %d s",
		async (life) => {
			let kept = 0;
			for (;;) {
				expect(kept, "seconds of grace in a row").toBeLessThanOrEqual(2 * PERIOD + 2 * INTERVAL);
				if (!(await look(true))) break;
				const over = await lookFor(life);
				if (over !== null) break;
				const rest = life - Math.floor(life / INTERVAL) * INTERVAL;
				await pass(rest);
				kept += life;
			}
		},
	);

	test("never keeps a silent stream for longer than three periods, whatever restarts when", async () => {
		const seed = newSeed();
		console.log(`grace: seed ${seed}`);
		const random = seededRandom(seed);
		for (let history = 0; history < 15; history++) {
			await sql`UPDATE supervision SET seen_time = '-infinity', grace_time = '-infinity', grace_spent = 0`;
			let now = 0;
			/** Silent since then; the worst case is one that has just been heard when the first look comes. */
			let silentSince = 0;
			for (let step = 0; step < 60; step++) {
				const first = step === 0 || random() < 0.3;
				const grace = await look(first);
				if (!grace && now - silentSince > PERIOD) silentSince = now;
				expect(now - silentSince, `seed ${seed}, history ${history}, step ${step}`).toBeLessThanOrEqual(
					3 * PERIOD + 2 * INTERVAL,
				);
				// While Postgres can be reached somebody looks every interval, or starts again.
				const seconds = INTERVAL * (0.2 + random() * 1.3);
				now += seconds;
				await pass(seconds);
			}
		}
	});
});

describe("the questions of a supervisor", () => {
	const every = Array.from({ length: 256 }, (_, shard) => shard);

	test("who is silent: streams in progress without feedback for the period, longest silence first, of these shards", async () => {
		const stored = await storeStreams(
			sql,
			Array.from({ length: 40 }, () => ({ status: "in_progress" })),
		);
		const ids = stored.map(({ stream_id }) => stream_id);
		await sql`
			UPDATE stream_states t SET feedback_time = now() - make_interval(secs => 39.5 + i.ordinality)
			FROM unnest(${ids}::uuid[]) WITH ORDINALITY i (stream_id) WHERE t.stream_id = i.stream_id`;
		await storeStreams(sql, [{ status: "pending" }, { status: "done" }, { status: "failure" }, { status: "pause" }]);
		await sql`UPDATE stream_states SET feedback_time = '2026-01-01' WHERE status <> 'in_progress'`;
		const silent = ids.slice(20).reverse();
		expect(await findSilent(sql, every, PERIOD, 1_000)).toEqual(silent);
		expect(await findSilent(sql, every, PERIOD, 3)).toEqual(silent.slice(0, 3));
		expect(await findSilent(sql, [], PERIOD, 1_000)).toEqual([]);
		const shardOf = (id: string) => Number.parseInt(id.slice(0, 2), 16);
		const even = every.filter((shard) => shard % 2 === 0);
		expect(await findSilent(sql, even, PERIOD, 1_000)).toEqual(silent.filter((id) => shardOf(id) % 2 === 0));
	});

	test("whose restart is due, oldest first", async () => {
		const stored = await storeStreams(
			sql,
			Array.from({ length: 20 }, () => ({ status: "failure" })),
		);
		const ids = stored.map(({ stream_id }) => stream_id);
		await sql`
			UPDATE stream_states t SET restart_time = now() + make_interval(secs => 10 * (i.ordinality - 12))
			FROM unnest(${ids}::uuid[]) WITH ORDINALITY i (stream_id) WHERE t.stream_id = i.stream_id`;
		await storeStreams(sql, [{ status: "failure" }]);
		expect(await findDue(sql, every, 1_000)).toEqual(ids.slice(0, 12));
		expect(await findDue(sql, every, 5)).toEqual(ids.slice(0, 5));
		expect(await findDue(sql, [], 5)).toEqual([]);
	});
});
