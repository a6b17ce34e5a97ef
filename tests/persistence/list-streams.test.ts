import { randomUUID } from "node:crypto";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGroup } from "../../persistence/groups/create.ts";
import type { StreamFilters } from "../../persistence/stream-row.ts";
import { countStreams } from "../../persistence/streams/count.ts";
import { listStreams } from "../../persistence/streams/list.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { account, otherAccount, removeStreams, type StoredStream, storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 2, onnotice: () => undefined });
});

beforeEach(async () => {
	await sql`TRUNCATE streams, stream_states, stream_groups, groups`;
});

afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

const all = { page: 1, page_size: 1000 };

async function ids(filters: StreamFilters, page = all): Promise<string[]> {
	return (await listStreams(sql, filters, page)).map((row) => row.stream_id);
}

async function newGroup(group_name: string): Promise<string> {
	return (await createGroup(sql, { account_id: account, group_name, description: "" })).group_id;
}

describe("a list of streams", () => {
	test("shows the oldest first, those of one moment in the order of their insertion", async () => {
		const moment = "2026-02-01T00:00:00.000Z";
		const [late, second, first, early] = await storeStreams(sql, [
			{ create_time: "2026-02-01T00:00:00.001Z", number: 1 },
			{ create_time: moment, number: 12 },
			{ create_time: moment, number: 11 },
			{ create_time: "2026-01-31T23:59:59.999Z", number: 99 },
		]);
		const order = [early, first, second, late].map((stream) => stream?.stream_id);
		expect(await ids({})).toEqual(order);
		expect(await ids({ statuses: ["done", "pending"] })).toEqual(order);
		expect(await ids({ names: ["x", ""] })).toEqual(order);
		expect(await ids({ account_id: account })).toEqual(order);
		expect(await ids({ stream_ids: order.map(String) })).toEqual(order);
	});

	test.each([
		{ kind: "no filter", filters: {} },
		{ kind: "several statuses", filters: { statuses: ["pending", "done", "pause"] } },
		{ kind: "several names", filters: { names: ["a", "b", "c"] } },
		{ kind: "a reference", filters: { reference: "rtsp://camera/1" } },
	])("pages with $kind follow one another without gap or repetition", async ({ filters }) => {
		const stored = await storeStreams(
			sql,
			Array.from({ length: 23 }, (_, n) => ({
				name: "abc".charAt((n * 7) % 3),
				status: ["pending", "done", "pause"][n % 3]!,
			})),
		);
		const pages: string[][] = [];
		for (let page = 1; page <= 4; page++) pages.push(await ids(filters, { page, page_size: 10 }));
		expect(pages.map((page) => page.length)).toEqual([10, 10, 3, 0]);
		expect(pages.flat()).toEqual(stored.map((stream) => stream.stream_id));
		expect(await ids(filters, { page: 2 ** 31 - 1, page_size: 1000 })).toEqual([]);
	});

	test("a value that is asked for twice is answered once", async () => {
		const [one] = await storeStreams(sql, [{ name: "one", status: "pause" }]);
		expect(await ids({ names: ["one", "one"] })).toEqual([one?.stream_id]);
		expect(await ids({ statuses: ["pause", "pause"] })).toEqual([one?.stream_id]);
		expect(await ids({ stream_ids: [one!.stream_id, one!.stream_id] })).toEqual([one?.stream_id]);
	});

	test("create_time__gte includes its moment, create_time__lt excludes it, to the millisecond and finer", async () => {
		const [before, at, after] = (
			await storeStreams(sql, [
				{ create_time: "2026-03-01T10:00:00.122Z" },
				{ create_time: "2026-03-01T10:00:00.123Z" },
				{ create_time: "2026-03-01T10:00:00.124Z" },
			])
		).map((stream) => stream.stream_id);
		const cases: [StreamFilters, (string | undefined)[]][] = [
			[{ create_time__gte: "2026-03-01T10:00:00.123Z" }, [at, after]],
			[{ create_time__lt: "2026-03-01T10:00:00.123Z" }, [before]],
			[{ create_time__gte: "2026-03-01T10:00:00.123Z", create_time__lt: "2026-03-01T10:00:00.124Z" }, [at]],
			[{ create_time__gte: "2026-03-01T12:00:00.123+02:00" }, [at, after]],
			[{ create_time__gte: "2026-03-01T10:00:00.1231Z" }, [after]],
			[{ create_time__lt: "2026-03-01T10:00:00.1231Z" }, [before, at]],
		];
		for (const [filters, expected] of cases) {
			expect(await ids(filters)).toEqual(expected);
			expect(await ids({ ...filters, statuses: ["pending", "done"] })).toEqual(expected);
			expect(await countStreams(sql, filters)).toBe(expected.length);
			expect(await countStreams(sql, { ...filters, statuses: ["pending"] })).toBe(expected.length);
		}
	});

	test("a status of the reference page that no stream shows matches nothing", async () => {
		await storeStreams(sql, [{}]);
		for (const statuses of [["restart", "handler_lost", "not_found", "deleted"], []]) {
			expect(await ids({ statuses })).toEqual([]);
			expect(await countStreams(sql, { statuses })).toBe(0);
		}
		expect(await ids({ statuses: ["restart", "pending"] })).toHaveLength(1);
		expect(await countStreams(sql, { statuses: ["restart", "pending"] })).toBe(1);
	});

	test("names are compared as they are, the empty name, quotes and commas included", async () => {
		const names = ["", "a,b", '"quoted"', "back\\slash", "{brace}", "NULL", "ünï 📷", "A"];
		await storeStreams(
			sql,
			names.map((name) => ({ name })),
		);
		for (const name of names) {
			const rows = await listStreams(sql, { names: [name] }, all);
			expect(rows.map((row) => row.name)).toEqual([name]);
		}
		expect(await ids({ names: ["a"] })).toEqual([]);
		expect(await countStreams(sql, { names })).toBe(names.length);
	});

	test("many names within a scope of many accounts", async () => {
		const names = Array.from({ length: 30 }, (_, n) => `name-${n}`);
		await storeStreams(
			sql,
			names.flatMap((name) => [{ name }, { name, account_id: otherAccount }]),
		);
		const accounts = [account, ...Array.from({ length: 29 }, () => randomUUID())];
		const filters = { names, scope: { accounts, groups: null } };
		expect((await listStreams(sql, filters, all)).map((row) => [row.name, row.account_id])).toEqual(
			names.map((name) => [name, account]),
		);
		expect(await countStreams(sql, filters)).toBe(names.length);
	});

	test("the groups of a stream are named in the order of their creation; a deleted group is not", async () => {
		const [zebra, apple, gone] = [await newGroup("zebra"), await newGroup("apple"), await newGroup("gone")];
		await storeStreams(sql, [{ groups: [apple, gone, zebra] }, {}]);
		await sql`DELETE FROM groups WHERE group_id = ${gone}`;
		expect((await listStreams(sql, {}, all)).map((row) => row.groups)).toEqual([["zebra", "apple"], []]);
		expect(await ids({ group_name: "gone" })).toEqual([]);
		expect(await countStreams(sql, { group_name: "gone" })).toBe(0);
		expect(await ids({ group_name: "never" })).toEqual([]);
		expect(await countStreams(sql, { group_name: "zebra" })).toBe(1);
	});

	test("a link that outlived its stream shows in no list", async () => {
		const group = await newGroup("g");
		const [stream] = await storeStreams(sql, [{ groups: [group] }]);
		await removeStreams(sql, [stream!.stream_id]);
		expect(await ids({ group_name: "g" })).toEqual([]);
	});

	test("different filters combine with AND, values inside one with OR; the count says the same", async () => {
		const groups = [await newGroup("g0"), await newGroup("g1")];
		const [accounts, names, references] = [
			[account, otherAccount],
			["", "a", "b"],
			["r0", "r1"],
		];
		const statuses = ["pending", "in_progress", "done", "pause", "cancel", "failure"];
		const stored = await storeStreams(
			sql,
			Array.from({ length: 120 }, (_, n) => ({
				account_id: accounts[n % 2]!,
				name: names[n % 3]!,
				reference: references[Math.floor(n / 3) % 2]!,
				status: statuses[(n * 5) % 6]!,
				groups: groups.filter((_, g) => (n >> g) % 3 === 0),
				create_time: new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 4)).toISOString(),
			})),
		);
		const some = <T>(values: T[], maxLength = values.length + 1) =>
			fc.option(fc.array(fc.constantFrom(...values), { minLength: 1, maxLength }), { nil: undefined });
		const one = <T>(values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
		const time = one(stored.map((stream) => stream.create_time));
		const filters = fc.record({
			account_id: one([...accounts, randomUUID()]),
			stream_ids: some(
				stored.map((stream) => stream.stream_id),
				80,
			),
			names: some([...names, "none"]),
			reference: one([...references, "none"]),
			statuses: some([...statuses, "restart"]),
			create_time__gte: time,
			create_time__lt: time,
			group_name: one(["g0", "g1"]),
		});
		const matches = (stream: StoredStream, asked: StreamFilters): boolean =>
			(asked.account_id === undefined || asked.account_id === stream.account_id) &&
			(asked.stream_ids?.includes(stream.stream_id) ?? true) &&
			(asked.names?.includes(stream.name) ?? true) &&
			(asked.reference === undefined || asked.reference === stream.reference) &&
			(asked.statuses?.includes(stream.status) ?? true) &&
			(asked.create_time__gte === undefined || stream.create_time >= asked.create_time__gte) &&
			(asked.create_time__lt === undefined || stream.create_time < asked.create_time__lt) &&
			(asked.group_name === undefined || stream.groups.includes(groups[Number(asked.group_name.slice(1))]!));
		const page = fc.record({ page: fc.integer({ min: 1, max: 3 }), page_size: fc.integer({ min: 1, max: 50 }) });
		await fc.assert(
			fc.asyncProperty(filters, page, async (raw, { page, page_size }) => {
				const present = Object.entries(raw).filter(([, value]) => value !== undefined);
				const asked: StreamFilters = Object.fromEntries(present);
				const expected = stored.filter((stream) => matches(stream, asked)).map((stream) => stream.stream_id);
				expect(await countStreams(sql, asked)).toBe(expected.length);
				expect(await ids(asked, { page, page_size })).toEqual(expected.slice((page - 1) * page_size, page * page_size));
			}),
			{ numRuns: 300 },
		);
	});
});
