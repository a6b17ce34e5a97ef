import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IncompatibleDatabase, type Migration, migrate, readMigrations } from "../../persistence/migrate.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

const connect = () => postgres(database.url, { max: 3, onnotice: () => undefined, connection: { lock_timeout: 1 } });

beforeEach(async () => {
	database = await freshDatabase();
	sql = connect();
	await sql`DROP SCHEMA public CASCADE`;
	await sql`CREATE SCHEMA public`;
});

afterEach(async () => {
	await sql?.end();
	await database?.drop();
});

async function applied(): Promise<unknown[]> {
	return [...(await sql`SELECT number, name, needs FROM migrations ORDER BY number`)];
}

async function tables(): Promise<string[]> {
	const rows = await sql<{ name: string }[]>`
		SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`;
	return rows.map((row) => row.name);
}

function migration(number: number, text: string, needs = 0): Migration {
	return { number, name: `m${number}`, needs, text };
}

const one = migration(1, "CREATE TABLE one (n integer); INSERT INTO one VALUES (1);");
const two = migration(2, "CREATE TABLE two (n integer); INSERT INTO two VALUES (2);");

describe("migrate", () => {
	test("makes the schema in an empty database and leaves a migrated one alone", async () => {
		await migrate(sql);
		const known = await readMigrations();
		expect(await applied()).toEqual(known.map(({ number, name, needs }) => ({ number, name, needs })));
		expect(await tables()).toEqual(expect.arrayContaining(["groups", "stream_groups", "stream_states", "streams"]));
		await migrate(sql);
		expect(await applied()).toHaveLength(known.length);
	});

	test("by several nodes at the same moment applies each migration once, and each node returns when all are done", async () => {
		const nodes = Array.from({ length: 6 }, connect);
		try {
			await Promise.all(
				nodes.map(async (node) => {
					await migrate(node, [one, migration(2, `SELECT pg_sleep(0.1); ${two.text}`)]);
					expect([...(await node`SELECT n FROM one, LATERAL (SELECT count(*) FROM two) c`)]).toEqual([{ n: 1 }]);
				}),
			);
			expect([...(await sql`SELECT n FROM two`)]).toEqual([{ n: 2 }]);
		} finally {
			await Promise.all(nodes.map((node) => node.end()));
		}
	});

	test("applies what is new to a database that knows the older ones", async () => {
		await migrate(sql, [one]);
		await migrate(sql, [one, two]);
		expect(await applied()).toEqual([
			{ number: 1, name: "m1", needs: 0 },
			{ number: 2, name: "m2", needs: 0 },
		]);
	});

	test("repeats what fills in many rows until there are none left, each part in a transaction of its own", async () => {
		const many = migration(2, "CREATE TABLE many AS SELECT n, NULL::xid8 AS filled_by FROM generate_series(1, 25) n;");
		const filling: Migration = {
			...migration(
				3,
				`UPDATE many SET filled_by = pg_current_xact_id()
					WHERE n IN (SELECT n FROM many WHERE filled_by IS NULL ORDER BY n LIMIT 10)`,
			),
			repeated: true,
		};
		const nodes = Array.from({ length: 3 }, connect);
		try {
			await Promise.all(nodes.map((node) => migrate(node, [one, many, filling])));
		} finally {
			await Promise.all(nodes.map((node) => node.end()));
		}
		const parts = await sql`SELECT count(*)::int AS rows FROM many GROUP BY filled_by ORDER BY min(n)`;
		expect(parts.map(({ rows }) => rows)).toEqual([10, 10, 5]);
		expect(await applied()).toHaveLength(3);
	});

	test("leaves nothing of a migration that fails, and keeps those before it", async () => {
		const broken = migration(2, "CREATE TABLE half (n integer); SELECT 1 / 0;");
		await expect(migrate(sql, [one, broken])).rejects.toMatchObject({ code: "22012" });
		expect(await tables()).toEqual(["migrations", "one"]);
		expect(await applied()).toHaveLength(1);
		await migrate(sql, [one, two]);
		expect(await tables()).toEqual(["migrations", "one", "two"]);
	});

	test("lets an older node start beside newer ones", async () => {
		await migrate(sql, [one, two]);
		await migrate(sql, [one]);
		expect(await applied()).toHaveLength(2);
	});

	test("refuses a database of which a newer version says that this one cannot work with it", async () => {
		const three = migration(3, "DROP TABLE one", 2);
		await migrate(sql, [one, two, three]);
		await migrate(sql, [one, two]);
		const refused = migrate(sql, [one]);
		await expect(refused).rejects.toThrow(IncompatibleDatabase);
		await expect(refused).rejects.toThrow(
			"the database needs a newer version of this program: it asks for migration 2, the newest known here is 1",
		);
	});
});
