import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGroup } from "../../persistence/groups/create.ts";
import type { QueueFilters } from "../../persistence/stream-row.ts";
import { lookQueue } from "../../persistence/streams/look.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { account, storeStreams } from "./stored-stream.ts";

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

async function look(filters: QueueFilters, limit = 1000): Promise<string[]> {
	return (await lookQueue(sql, filters, limit)).map((row) => row.stream_id);
}

async function newGroup(group_name: string): Promise<string> {
	return (await createGroup(sql, { account_id: account, group_name, description: "" })).group_id;
}

describe("a look at the queue", () => {
	test("shows all pending streams and no others, oldest first, ties by insertion, and takes nothing", async () => {
		const moment = "2026-02-01T00:00:00.000Z";
		const [c, b, a] = await storeStreams(sql, [
			{ create_time: moment, number: 7 },
			{ create_time: moment, number: 6 },
			{ create_time: "2026-01-01T00:00:00.000Z", number: 8 },
			...["in_progress", "done", "pause", "cancel", "failure"].map((status) => ({ status })),
		]);
		const order = [a, b, c].map((stream) => stream?.stream_id);
		expect(await look({})).toEqual(order);
		expect(await look({}, 2)).toEqual(order.slice(0, 2));
		expect(await look({}, 3)).toEqual(order);
		expect((await lookQueue(sql, {}, 9)).map((row) => [row.status, row.run])).toEqual(Array(3).fill(["pending", 0]));
	});

	test("shows what is held back after lost handlers: it is pending too", async () => {
		const [held] = await storeStreams(sql, [{}]);
		await sql`UPDATE stream_states SET takeable_time = now() + interval '1 hour'`;
		expect(await look({})).toEqual([held?.stream_id]);
	});

	test("different filters combine with AND, values inside one with OR; unknown values match nothing", async () => {
		const [g1, g2] = [await newGroup("g1"), await newGroup("g2")];
		const [a, b, c, d] = (
			await storeStreams(sql, [
				{ name: "a", groups: [g1] },
				{ name: "b", groups: [g2] },
				{ name: "a", groups: [g1, g2] },
				{ name: "", groups: [] },
				{ name: "a", groups: [g1, g2], status: "done" },
			])
		).map((stream) => stream.stream_id);
		const nobody = randomUUID();
		const cases: [QueueFilters, (string | undefined)[]][] = [
			[{ names: ["a"] }, [a, c]],
			[{ names: ["a", "b", "a"] }, [a, b, c]],
			[{ names: [""] }, [d]],
			[{ stream_ids: [d!, b!, nobody] }, [b, d]],
			[{ stream_ids: [a!, d!], names: ["a"] }, [a]],
			[{ group_ids: [g1] }, [a, c]],
			[{ group_ids: [g1, g2, nobody] }, [a, b, c]],
			[{ group_names: ["g2"] }, [b, c]],
			[{ group_names: ["g1", "g2", "none"] }, [a, b, c]],
			[{ group_ids: [g1], group_names: ["g2"] }, [c]],
			[{ group_ids: [g1], names: ["a"], stream_ids: [c!], group_names: ["g1"] }, [c]],
			[{ group_names: ["none"] }, []],
			[{ group_ids: [nobody] }, []],
			[{ names: ["none"] }, []],
			[{ stream_ids: [nobody] }, []],
		];
		for (const [filters, expected] of cases) expect([filters, await look(filters)]).toEqual([filters, expected]);
		expect(await look({ group_ids: [g1] }, 1)).toEqual([a]);
		await sql`DELETE FROM groups WHERE group_id = ${g1}`;
		expect(await look({ group_ids: [g1] })).toEqual([]);
	});
});
