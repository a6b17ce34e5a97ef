import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGroup } from "../../persistence/groups/create.ts";
import { attach } from "../../persistence/links/link.ts";
import { migrate, readMigrations } from "../../persistence/migrate.ts";
import { countStreams } from "../../persistence/streams/count.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { someoneWaits } from "../support/lock-wait.ts";
import { account, otherAccount, storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeEach(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 4, onnotice: () => undefined });
});

afterEach(async () => {
	await sql?.end();
	await database?.drop();
});

async function newGroup(group_name: string): Promise<string> {
	return (await createGroup(sql, { account_id: account, group_name, description: "" })).group_id;
}

const known = async (): Promise<unknown[]> => [
	...(await sql`SELECT stream_id, account_id, name FROM stream_groups ORDER BY number, group_id`),
];

const rename = (within: postgres.ISql, stream_id: string, name: string) =>
	within`UPDATE streams SET name = ${name} WHERE stream_id = ${stream_id}`;

describe("a link knows the account and the name of its stream", () => {
	test("when it was made before links knew them", async () => {
		const all = await readMigrations();
		await sql`DROP SCHEMA public CASCADE`;
		await sql`CREATE SCHEMA public`;
		await migrate(
			sql,
			all.filter(({ number }) => number < 8),
		);
		const groups = [await newGroup("one"), await newGroup("two")];
		const [a, b] = await storeStreams(sql, [
			{ name: "a", groups },
			{ name: "", account_id: otherAccount, groups: groups.slice(1) },
		]);
		await migrate(sql);
		expect(await known()).toEqual([
			{ stream_id: a!.stream_id, account_id: account, name: "a" },
			{ stream_id: a!.stream_id, account_id: account, name: "a" },
			{ stream_id: b!.stream_id, account_id: otherAccount, name: "" },
		]);
	});

	test("when the version before creates the stream and the link in one statement", async () => {
		const group_id = await newGroup("group");
		await sql`
			WITH written AS (
				INSERT INTO streams VALUES (gen_random_uuid(), 1, now(), ${account}, 'a', '', '', 'tcp', '{}', '{}', '{}', '{}')
				RETURNING stream_id, create_time, number
			)
			INSERT INTO stream_groups (stream_id, group_id, create_time, number)
			SELECT stream_id, ${group_id}, create_time, number FROM written`;
		expect(await known()).toMatchObject([{ account_id: account, name: "a" }]);
	});

	test("when the stream is redefined", async () => {
		const groups = [await newGroup("one"), await newGroup("two")];
		const [stream, other] = await storeStreams(sql, [
			{ name: "a", groups },
			{ name: "a", groups },
		]);
		await sql`UPDATE streams SET name = 'b', account_id = ${otherAccount} WHERE stream_id = ${stream!.stream_id}`;
		const of = (stream_id: string, account_id: string, name: string) => [
			{ stream_id, account_id, name },
			{ stream_id, account_id, name },
		];
		expect(await known()).toEqual([...of(stream!.stream_id, otherAccount, "b"), ...of(other!.stream_id, account, "a")]);
		expect(await countStreams(sql, { group_name: "one", names: ["b"] })).toBe(1);
	});

	test("when it is linked while it is being redefined", async () => {
		const group_id = await newGroup("group");
		const [stream] = await storeStreams(sql, [{ name: "a" }]);
		const { stream_id } = stream!;
		const { attaching } = await sql.begin(async (redefinition) => {
			await rename(redefinition, stream_id, "b");
			const attaching = attach(sql, { group_id, stream_ids: [stream_id], account_id: null });
			await someoneWaits(sql);
			return { attaching };
		});
		await attaching;
		expect(await known()).toMatchObject([{ name: "b" }]);
	});

	test("when it is redefined while it is being linked", async () => {
		const group_id = await newGroup("group");
		const [stream] = await storeStreams(sql, [{ name: "a" }]);
		const { stream_id } = stream!;
		const { renaming } = await sql.begin(async (attaching) => {
			await attach(attaching as unknown as postgres.Sql, { group_id, stream_ids: [stream_id], account_id: null });
			const renaming = rename(sql, stream_id, "b").execute();
			await someoneWaits(sql);
			return { renaming };
		});
		await renaming;
		expect(await known()).toMatchObject([{ name: "b" }]);
	});
});
