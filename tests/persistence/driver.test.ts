import { expect, inject, onTestFinished, test } from "vitest";
import postgres from "../../persistence/driver.ts";

/** One connection: whatever a statement leaves in it, the next one finds. */
function connection() {
	const sql = postgres(inject("database").url, { max: 1, onnotice: () => undefined });
	onTestFinished(() => sql.end());
	return sql;
}

/** Fails when thousands of rows are on their way. */
const failing = "SELECT 1 / (5000 - i) AS x FROM generate_series(1, 10000) i";

test("a statement that fails among its rows leaves nothing to the next one", async () => {
	const sql = connection();
	for (const next of [
		async () => [...(await sql`SELECT 7 AS x`)],
		() => sql.unsafe("SELECT 7 AS x").then((rows) => [...rows]),
		async () => (await Promise.all([sql`SELECT 7 AS x`]))[0].slice(),
		async () => [...(await sql.unsafe("SELECT 7 AS x").execute())],
		() => sql.begin(async (transaction) => [...(await transaction`SELECT 7 AS x`)]),
	]) {
		await expect(sql.unsafe(failing)).rejects.toThrow("division by zero");
		expect(await next()).toEqual([{ x: 7 }]);
	}
	await expect(sql.unsafe(failing)).rejects.toThrow("division by zero");
	const rows = await sql`SELECT i FROM generate_series(1, 20000) i`;
	expect([rows.length, rows.count, rows[0]?.["i"], rows.at(-1)?.["i"]]).toEqual([20_000, 20_000, 1, 20_000]);
	await expect(sql.unsafe(failing)).rejects.toThrow("division by zero");
	expect(await sql`SELECT 1 WHERE false`).toHaveLength(0);
});
