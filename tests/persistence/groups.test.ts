import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { countGroups } from "../../persistence/groups/count.ts";
import { createGroup } from "../../persistence/groups/create.ts";
import { deleteGroup } from "../../persistence/groups/delete.ts";
import { getGroup } from "../../persistence/groups/get.ts";
import { listGroups } from "../../persistence/groups/list.ts";
import { patchGroup } from "../../persistence/groups/patch.ts";
import type { GroupFilters, GroupRow } from "../../persistence/stream-row.ts";
import { getStreams } from "../../persistence/streams/get.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { account, otherAccount, storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 4, onnotice: () => undefined });
});

beforeEach(async () => {
	await sql`TRUNCATE streams, stream_states, stream_groups, groups`;
});

afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

function create(group_name: string, account_id = account): Promise<GroupRow> {
	return createGroup(sql, { account_id, group_name, description: `the ${group_name}` });
}

describe("groups", () => {
	test("are created with the database's time and read back as they were created", async () => {
		const group = await create("front");
		expect(group).toEqual({
			group_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
			account_id: account,
			group_name: "front",
			description: "the front",
			create_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
		});
		const [{ age }] = await sql<[{ age: number }]>`
			SELECT extract(epoch FROM now() - ${group.create_time}::text::timestamptz)::float8 AS age`;
		expect(Math.abs(age)).toBeLessThan(60);
		expect(await getGroup(sql, group.group_id, null)).toEqual(group);
	});

	test("have unique names, whatever the account: 39006 names it", async () => {
		await create("front");
		await expect(create("front", otherAccount)).rejects.toMatchObject({ code: 39006, values: { name: "front" } });
		await create("Front");
	});

	test("of one name are created once, whoever asks at the same moment", async () => {
		const asked = await Promise.allSettled(Array.from({ length: 12 }, () => create("rush")));
		expect(asked.filter((one) => one.status === "fulfilled")).toHaveLength(1);
		for (const one of asked) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: 39006 });
		expect(await countGroups(sql, {})).toBe(1);
	});

	test("are listed oldest first, those of one moment in the order of insertion, page by page", async () => {
		const names = Array.from({ length: 12 }, (_, n) => `g${(n * 7) % 12}`);
		for (const name of names) await create(name);
		await sql`UPDATE groups SET create_time = '2026-01-01Z'`;
		const pages = await Promise.all([1, 2, 3].map((page) => listGroups(sql, {}, { page, page_size: 7 })));
		expect(pages.map((page) => page.length)).toEqual([7, 5, 0]);
		expect(pages.flat().map((group) => group.group_name)).toEqual(names);
		await sql`UPDATE groups SET create_time = '2025-01-01Z' WHERE group_name = 'g3'`;
		expect((await listGroups(sql, {}, { page: 1, page_size: 1 }))[0]?.group_name).toBe("g3");
	});

	test("are filtered by account, ids and names: AND between them, OR inside; the count says the same", async () => {
		const [a, b, c] = [await create("a"), await create("b", otherAccount), await create("c")];
		const cases: [GroupFilters, string[]][] = [
			[{}, ["a", "b", "c"]],
			[{ account_id: account }, ["a", "c"]],
			[{ account_id: randomUUID() }, []],
			[{ group_ids: [c.group_id, b.group_id, c.group_id] }, ["b", "c"]],
			[{ group_names: ["b", "a", "none"] }, ["a", "b"]],
			[{ group_names: ["none"] }, []],
			[{ group_ids: [a.group_id, b.group_id], group_names: ["b", "c"] }, ["b"]],
			[{ group_ids: [a.group_id, b.group_id], account_id: otherAccount }, ["b"]],
			[{ group_names: ["a"], account_id: otherAccount }, []],
			[{ group_names: ["a"], group_ids: [a.group_id], account_id: account }, ["a"]],
		];
		for (const [filters, expected] of cases) {
			const found = await listGroups(sql, filters, { page: 1, page_size: 1000 });
			expect([filters, found.map((group) => group.group_name)]).toEqual([filters, expected]);
			expect(await countGroups(sql, filters)).toBe(expected.length);
		}
	});

	test("of another account are not found, patched or deleted", async () => {
		const { group_id } = await create("mine");
		expect(await getGroup(sql, group_id, otherAccount)).toBeNull();
		expect(await patchGroup(sql, group_id, "x", otherAccount)).toBe(false);
		expect(await deleteGroup(sql, group_id, otherAccount)).toBe(false);
		expect(await getGroup(sql, group_id, account)).toMatchObject({ description: "the mine" });
		expect(await patchGroup(sql, group_id, "", account)).toBe(true);
		expect(await getGroup(sql, group_id, null)).toMatchObject({ description: "" });
		expect(await patchGroup(sql, group_id, "other", null)).toBe(true);
		expect(await deleteGroup(sql, group_id, account)).toBe(true);
	});

	test("that are gone are not there, and another may have the name", async () => {
		const { group_id } = await create("again");
		expect(await deleteGroup(sql, group_id, null)).toBe(true);
		expect(await deleteGroup(sql, group_id, null)).toBe(false);
		expect(await patchGroup(sql, group_id, "x", null)).toBe(false);
		expect(await getGroup(sql, group_id, null)).toBeNull();
		expect((await create("again")).group_id).not.toBe(group_id);
	});

	test("are deleted without their streams, which are unlinked", async () => {
		const [gone, stays] = [await create("gone"), await create("stays")];
		const [stream] = await storeStreams(sql, [{ groups: [gone.group_id, stays.group_id] }]);
		await deleteGroup(sql, gone.group_id, null);
		expect((await getStreams(sql, [stream!.stream_id]))[0]?.groups).toEqual(["stays"]);
	});
});
