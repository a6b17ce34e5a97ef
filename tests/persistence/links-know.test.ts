import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGroup } from "../../persistence/groups/create.ts";
import { attach, detach } from "../../persistence/links/link.ts";
import { migrate, readMigrations } from "../../persistence/migrate.ts";
import { commitChanges } from "../../persistence/streams/commit.ts";
import { countStreams } from "../../persistence/streams/count.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { someoneWaits } from "../support/lock-wait.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { aChange, aDefinition } from "./a-change.ts";
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

	test("when streams are redefined, linked and let go at the same time, in any order, without a deadlock", async () => {
		const seed = newSeed();
		console.log(`seed ${seed}`);
		const random = seededRandom(seed);
		const groups = [await newGroup("north"), await newGroup("south")];
		const ids = (await storeStreams(sql, Array(60).fill({}))).map(({ stream_id }) => stream_id);
		const some = () => [...ids].sort(() => random() - 0.5).slice(0, 40);
		const revisions = new Map(ids.map((id) => [id, 1]));
		const writers = [
			// One that redefines knows the revisions; the other one's are stale, and what it writes is left out.
			async (round: number) => {
				const batch = some().map((id) =>
					aChange(id, {
						revision: revisions.get(id) ?? 0,
						group_ids: random() < 0.3 ? groups : [],
						definition: aDefinition({ name: `${round}`, account_id: random() < 0.5 ? account : otherAccount }),
					}),
				);
				for (const id of await commitChanges(sql, batch)) revisions.set(id, (revisions.get(id) ?? 0) + 1);
			},
			() =>
				commitChanges(
					sql,
					some().map((id) => aChange(id, { description: "patched" })),
				),
			() => attach(sql, { group_id: groups[0]!, stream_ids: some(), account_id: null }),
			() => detach(sql, { group_id: groups[random() < 0.5 ? 0 : 1]!, stream_ids: some(), account_id: null }),
		];
		await Promise.all(
			writers.map(async (write) => {
				for (let round = 0; round < 25; round++) await write(round);
			}),
		);
		expect(Math.max(...revisions.values()), "redefined").toBeGreaterThan(10);
		const wrong = await sql`
			SELECT g.name, s.name AS stream, g.account_id, s.account_id AS of_stream
			FROM stream_groups g JOIN streams s USING (stream_id) WHERE (g.name, g.account_id) <> (s.name, s.account_id)`;
		expect([...wrong]).toEqual([]);
	});
});
