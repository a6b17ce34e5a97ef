import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { redisKeys } from "../../actors/cluster/redis/keys.ts";
import { installationName } from "../../persistence/installation.ts";
import { freshDatabase } from "../support/database.ts";

async function connected(url: string): Promise<postgres.Sql> {
	const sql = postgres(url, { max: 1 });
	onTestFinished(() => sql.end());
	return sql;
}

test("the nodes of one database agree on a namespace, those of another have another", async () => {
	const [one, other] = [await freshDatabase(), await freshDatabase()];
	onTestFinished(async () => {
		await one.drop();
		await other.drop();
	});
	const byAnotherAddress = new URL(one.url);
	byAnotherAddress.searchParams.set("application_name", "somebody else");
	const [a, b, c] = [await connected(one.url), await connected(byAnotherAddress.href), await connected(other.url)];
	const name = await installationName(a);
	expect(name).toMatch(/^[0-9a-f]{12}$/);
	expect(await installationName(b)).toBe(name);
	expect(await installationName(c)).not.toBe(name);
	expect(redisKeys(name).leases).toBe(`perigee:{${name}}:leases`);
});

test("an ordinary role may ask for it", async () => {
	const database = await freshDatabase();
	onTestFinished(() => database.drop());
	const sql = await connected(database.url);
	await sql.begin(async (transaction) => {
		await transaction`CREATE ROLE perigee_ordinary`;
		await transaction`SET LOCAL ROLE perigee_ordinary`;
		expect(await installationName(transaction as unknown as postgres.Sql)).toMatch(/^[0-9a-f]{12}$/);
		await transaction`RESET ROLE`;
		await transaction`DROP ROLE perigee_ordinary`;
	});
});
