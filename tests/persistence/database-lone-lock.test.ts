import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { LoneLock } from "../../persistence/lone-lock.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { dataFolder, embedded } from "../support/embedded-folder.ts";
import { ownTime } from "../support/own-time.ts";
import { eventually } from "../support/signals.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

interface Held {
	lock: LoneLock;
	lost: Error[];
	said: string[];
}

function newLock(url = database.url): Held {
	const lost: Error[] = [];
	const said: string[] = [];
	const log = { info: (_: object, message: string) => said.push(message) };
	const lock = new LoneLock({ url, log, onLost: (error) => lost.push(error), patience: 1_000 });
	onTestFinished(() => lock.stop());
	return { lock, lost, said };
}

/** A session that holds the lock, as that of another instance does. */
async function holder(): Promise<postgres.Sql> {
	const session = postgres(database.url, { max: 1, onnotice: () => undefined });
	await session`SELECT pg_advisory_lock(22639109421032805)`;
	return session;
}

const holders = async (on = sql) =>
	(
		await on<{ pid: number }[]>`
		SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database
		WHERE locktype = 'advisory' AND granted AND d.datname = current_database()`
	).map(({ pid }) => pid);

describe("the lock of a node without Redis", () => {
	test("a second instance ends with one line that says so", async () => {
		const first = newLock();
		await first.lock.start();
		const second = newLock();
		const error = await second.lock.start().then(
			() => null,
			(reason: Error) => reason,
		);
		expect(error?.message).toMatch(/^Another Perigee without Redis runs on this database: .*REDIS_URL.*$/);
		expect(error?.message).not.toContain("\n");
		expect(second.lock.running).toBe(false);
		expect((await holders()).length).toBe(1);
	});

	test("is free again when it is stopped", async () => {
		const first = newLock();
		await first.lock.start();
		await first.lock.stop();
		const begin = ownTime();
		const second = newLock();
		await second.lock.start();
		expect(ownTime() - begin).toBeLessThan(2_000);
	});

	test("of an instance that has just been killed is taken over as soon as its session ends", async () => {
		const killed = await holder();
		const second = newLock();
		const started = second.lock.start();
		await eventually(async () => {
			const [row] = await sql<{ asked: boolean }[]>`
				SELECT EXISTS (SELECT FROM pg_stat_activity
					WHERE datname = current_database() AND application_name = 'perigee alone') AS asked`;
			return row?.asked === true;
		});
		expect(second.lock.running).toBe(false);
		const begin = ownTime();
		await killed.end();
		await started;
		expect(ownTime() - begin).toBeLessThan(1_000);
	});

	test("is taken again when its connection ends and nobody else has it", async () => {
		const first = newLock();
		await first.lock.start();
		const [pid] = await holders();
		await sql`SELECT pg_terminate_backend(${pid!})`;
		await eventually(() => first.said.includes("the lock of the lone node is held again"));
		expect((await holders()).length).toBe(1);
		expect(first.lost).toEqual([]);
	});

	test("that another instance got meanwhile is lost, and its first holder is told to end", async () => {
		const first = newLock();
		await first.lock.start();
		const [pid] = await holders();
		// It stands at the lock, and gets it in the moment in which the first one's session ends.
		const next = holder();
		await eventually(async () => {
			const [row] = await sql<{ standing: boolean }[]>`
				SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
					WHERE locktype = 'advisory' AND NOT granted AND d.datname = current_database()) AS standing`;
			return row?.standing === true;
		});
		await sql`SELECT pg_terminate_backend(${pid!})`;
		const other = await next;
		await eventually(() => first.lost.length === 1);
		expect(first.lost[0]?.message).toMatch(/Another Perigee/);
		await other.end();
	});

	test("is held again after the database's restart", async () => {
		const folder = await dataFolder();
		const server = embedded(folder);
		await server.start();
		const held = newLock(server.url);
		await held.lock.start();
		await server.stop();
		const again = embedded(folder);
		await again.start();
		await eventually(() => held.said.includes("the lock of the lone node is held again"), { timeoutMs: 10_000 });
		const own = postgres(again.url, { max: 1, onnotice: () => undefined });
		expect((await holders(own)).length).toBe(1);
		await own.end();
		expect(held.lost).toEqual([]);
		await held.lock.stop();
	});
});
