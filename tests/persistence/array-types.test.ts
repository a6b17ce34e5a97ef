import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arrayTypes } from "../../persistence/array-types.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 1, ...arrayTypes, onnotice: () => undefined });
});

afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

test("arrays go to the database and come back as they were", async () => {
	// PostgreSQL's text has no zero byte, and no half of a pair.
	const text = fc.oneof(
		fc.string({ unit: "grapheme" }).map((each) => each.replaceAll("\0", "")),
		fc.constantFrom("", "NULL", "null", "{}", '"', "\\", "a,b", " ", "}", "\n"),
	);
	const arrays = fc.record({
		texts: fc.array(fc.option(text)),
		uuids: fc.array(fc.option(fc.uuid())),
		smallints: fc.array(fc.option(fc.integer({ min: -32_768, max: 32_767 }))),
		integers: fc.array(fc.option(fc.maxSafeInteger().map((n) => n % 2_147_483_647))),
		bigints: fc.array(fc.option(fc.maxSafeInteger().map(String))),
	});
	await fc.assert(
		fc.asyncProperty(arrays, async (given) => {
			const [found] = await sql`SELECT ${given.texts}::text[] AS texts, ${given.uuids}::uuid[] AS uuids,
				${given.smallints}::smallint[] AS smallints, ${given.integers}::integer[] AS integers,
				${given.bigints}::bigint[] AS bigints`;
			expect(found).toEqual(given);
		}),
	);
});
