import postgres from "postgres";
import { expect, test } from "vitest";
import { freshDatabase } from "../support/database.ts";
import { describeSchema } from "./describe-schema.ts";

const head = `-- What all the migrations together make, for reading and for review: a change of the schema shows here.
-- After a new migration: npx vitest run tests/persistence/schema.test.ts -u

`;

test("the migrations make the schema that schema.golden.sql shows (renew it with vitest -u)", async () => {
	const database = await freshDatabase();
	const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
	try {
		await expect(head + (await describeSchema(sql))).toMatchFileSnapshot("schema.golden.sql");
	} finally {
		await sql.end();
		await database.drop();
	}
});
