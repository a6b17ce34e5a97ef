import postgres from "postgres";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Parameters } from "../../persistence/parameters.ts";
import { readShared } from "../../persistence/shared-reading.ts";
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

test("two sessions share the parts", async () => {
	const rows = await readShared<{ session: number }>(pool(3), parts(6, SLOW));
	expect(rows).toHaveLength(6);
	expect(sessions(rows)).toBe(2);
});

test("one asks all of them when there is no other", async () => {
	const sql = pool(1);
	const rows = await readShared<{ session: number }>(sql, parts(3, SLOW));
	expect(rows).toHaveLength(3);
	expect(sessions(rows)).toBe(1);
	expect(await readShared(sql, [])).toEqual([]);
});

test("as many as there are sessions end, though none has another to help", async () => {
	const sql = pool(2);
	const answers = await Promise.all(Array.from({ length: 8 }, () => readShared(sql, parts(3, SLOW))));
	expect(answers.map((rows) => rows.length)).toEqual(Array(8).fill(3));
});

test("all parts see the same moment", async () => {
	const sql = pool(2);
	const other = pool(1);
	await other`CREATE TABLE moments (n integer)`;
	const reading = readShared<{ n: string }>(sql, parts(6, "SELECT (SELECT count(*) FROM moments) AS n, pg_sleep(0.1)"));
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
	await expect(readShared(sql, parts(5, "SELECT pg_sleep(0.1)"))).rejects.toMatchObject({ code: "57014" });
	expect(await sql`SHOW statement_timeout`).toEqual([{ statement_timeout: "250ms" }]);
	expect(await readShared(sql, parts(2, "SELECT 1"))).toHaveLength(2);
});

test("a part that fails is told, whoever asked it", async () => {
	const sql = pool(2);
	const broken = { text: "SELECT 1 / (pg_sleep(0.05) IS NULL)::int", parameters: new Parameters() };
	for (let place = 0; place < 4; place++) {
		const asked = parts(4, SLOW);
		asked[place] = broken;
		await expect(readShared(sql, asked)).rejects.toMatchObject({ code: "22012" });
	}
	expect(await readShared(sql, parts(4, SLOW))).toHaveLength(4);
});
