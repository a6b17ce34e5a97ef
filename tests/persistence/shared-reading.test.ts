import postgres from "postgres";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Parameters } from "../../persistence/parameters.ts";
import { readShared, type SharedReadingOptions, type Spare } from "../../persistence/shared-reading.ts";
import { isConnectionLoss } from "../../persistence/sql-state.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { eventually } from "../support/signals.ts";

let database: FreshDatabase;

beforeAll(async () => {
	database = await freshDatabase();
});

afterAll(async () => {
	await database?.drop();
});

function pool(max: number, connection: Record<string, number> = {}): postgres.Sql {
	const sql = postgres(database.url, { max, onnotice: () => undefined, connection });
	onTestFinished(() => sql.end());
	return sql;
}

const parts = (count: number, text: string) =>
	Array.from({ length: count }, () => ({ text, parameters: new Parameters() }));

const sessions = (rows: { session: number }[]) => new Set(rows.map(({ session }) => session)).size;

const SLOW = "SELECT pg_backend_pid() AS session, pg_sleep(0.05)";

/** A second connection that is always free; `lent` says how many are out. */
function lender(): { spare: Spare; lent: () => number; times: () => number } {
	let out = 0;
	let times = 0;
	const spare = () => {
		out++;
		times++;
		return () => {
			out--;
		};
	};
	return { spare, lent: () => out, times: () => times };
}

const none: SharedReadingOptions = { spare: () => null };

test("two sessions share the parts, and the second is given back", async () => {
	const { spare, lent } = lender();
	const rows = await readShared<{ session: number }>(pool(3), parts(6, SLOW), { spare });
	expect(rows).toHaveLength(6);
	expect(sessions(rows)).toBe(2);
	await eventually(() => lent() === 0);
});

test("one asks all of them when there is no other", async () => {
	const sql = pool(2);
	const rows = await readShared<{ session: number }>(sql, parts(3, SLOW), none);
	expect(rows).toHaveLength(3);
	expect(sessions(rows)).toBe(1);
	expect(await readShared(sql, [], none)).toEqual([]);
});

test("nobody is lent a second for a single part", async () => {
	const { spare, times } = lender();
	expect(await readShared(pool(2), parts(1, SLOW), { spare })).toHaveLength(1);
	expect(times()).toBe(0);
});

test("as many as there are sessions end, though none has another to help", async () => {
	const sql = pool(2);
	const { spare, lent } = lender();
	const answers = await Promise.all(Array.from({ length: 8 }, () => readShared(sql, parts(3, SLOW), { spare })));
	expect(answers.map((rows) => rows.length)).toEqual(Array(8).fill(3));
	await eventually(() => lent() === 0);
});

test("all parts see the same moment", async () => {
	const sql = pool(2);
	const other = pool(1);
	await other`CREATE TABLE moments (n integer)`;
	const reading = readShared<{ n: string }>(
		sql,
		parts(6, "SELECT (SELECT count(*) FROM moments) AS n, pg_sleep(0.1)"),
		lender(),
	);
	await eventually(async () => {
		const [row] = await other`SELECT count(*)::int AS n FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event = 'PgSleep'`;
		return row?.["n"] === 2;
	});
	await other`INSERT INTO moments VALUES (1)`;
	expect(await reading).toEqual(Array(6).fill(expect.objectContaining({ n: "0" })));
});

test("all together may take as long as one statement, and the session's own limit stays what it was", async () => {
	const sql = pool(1, { statement_timeout: 250 });
	await expect(readShared(sql, parts(5, "SELECT pg_sleep(0.1)"), none)).rejects.toMatchObject({ code: "57014" });
	expect(await sql`SHOW statement_timeout`).toEqual([{ statement_timeout: "250ms" }]);
	expect(await readShared(sql, parts(2, "SELECT 1"), none)).toHaveLength(2);
	const began = performance.now() - 200;
	await expect(readShared(sql, parts(1, "SELECT pg_sleep(0.1)"), { ...none, began })).rejects.toMatchObject({
		code: "57014",
	});
});

test("who is done waits for the other, however long a session may be idle in a transaction", async () => {
	const sql = pool(2, { statement_timeout: 4_000, idle_in_transaction_session_timeout: 200 });
	const [short, long] = [parts(1, "SELECT pg_sleep(0.01)"), parts(1, "SELECT pg_sleep(0.7)")];
	expect(await readShared(sql, [...short, ...long], lender())).toHaveLength(2);
	expect(await readShared(sql, [...long, ...short], lender())).toHaveLength(2);
});

test("a part that fails is told, whoever asked it", async () => {
	const sql = pool(2);
	const { spare, lent } = lender();
	const broken = { text: "SELECT 1 / (pg_sleep(0.05) IS NULL)::int", parameters: new Parameters() };
	for (let place = 0; place < 4; place++) {
		const asked = parts(4, SLOW);
		asked[place] = broken;
		await expect(readShared(sql, asked, { spare })).rejects.toMatchObject({ code: "22012" });
	}
	expect(await readShared(sql, parts(4, SLOW), { spare })).toHaveLength(4);
	await eventually(() => lent() === 0);
});

test("where no snapshot can be put down, one asks all of them", async () => {
	const owner = pool(1);
	await owner`CREATE ROLE stranger LOGIN PASSWORD 'stranger'`;
	onTestFinished(async () => {
		await owner`DROP ROLE stranger`;
	});
	await owner`REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM PUBLIC`;
	const url = new URL(database.url);
	url.username = url.password = "stranger";
	const sql = postgres(url.href, { max: 2, onnotice: () => undefined });
	onTestFinished(() => sql.end());
	const { spare, lent, times } = lender();
	const rows = await readShared<{ session: number }>(sql, parts(3, SLOW), { spare });
	expect(rows).toHaveLength(3);
	expect(sessions(rows)).toBe(1);
	expect([times(), lent()]).toEqual([1, 0]);
});

test.each([
	["the one", "LIMIT 1"],
	["the other", "OFFSET 1"],
	["both", ""],
])("when %s is ended meanwhile, a lost connection is told, and nothing else happens", async (_, ended) => {
	const owner = pool(1);
	const sql = postgres(database.url, { max: 2, onnotice: () => undefined });
	const asleep = async () => [
		...(await owner<{ pid: number }[]>`SELECT pid FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event = 'PgSleep' ORDER BY pid`),
	];
	const { spare, lent } = lender();
	const refused = expect(readShared(sql, parts(2, "SELECT pg_sleep(2)"), { spare })).rejects.toSatisfy(
		isConnectionLoss,
	);
	await eventually(async () => (await asleep()).length === 2);
	await owner`SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event = 'PgSleep' ORDER BY pid ${owner.unsafe(ended)}) s`;
	await refused;
	// As `Database` does it: what the driver has left of the pool is thrown away.
	await sql.end({ timeout: 0 });
	await eventually(() => lent() === 0);
});
