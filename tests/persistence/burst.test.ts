import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGroup } from "../../persistence/groups/create.ts";
import { countStreams } from "../../persistence/streams/count.ts";
import { listStreams } from "../../persistence/streams/list.ts";
import { lookQueue } from "../../persistence/streams/look.ts";
import { countTakeable, takeStreams } from "../../persistence/streams/take.ts";
import { insertPending } from "../main-job/pending-streams.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { explainLast } from "./explain.ts";

/*
 * Streams that came in a burst are in no statistics yet. What is asked about them comes as soon as at other times: a plan
 * that looks through all of one list for each entry of another would read 100,000,000 entries here.
 */
const STREAMS = 10_000;
const account = "00000000-0000-4000-8000-000000000000";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 1, onnotice: () => undefined, connection: { statement_timeout: 4_000 } });
	for (const table of ["streams", "stream_states", "stream_groups"]) {
		await sql.unsafe(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
		await sql.unsafe(`ANALYZE ${table}`);
	}
	await insertPending(sql, STREAMS, { name: "burst" });
	for (const group_name of ["burst", "again"]) {
		const { group_id } = await createGroup(sql, { account_id: account, group_name, description: "" });
		await sql`INSERT INTO stream_groups SELECT stream_id, ${group_id}, create_time, number, account_id, name FROM streams`;
	}
});

afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

const filters = { statuses: ["pending"], names: ["burst"], group_name: "burst" };
const queue = { names: ["burst"], group_names: ["burst"] };

test("a burst is counted", async () => {
	expect(await countStreams(sql, filters)).toBe(STREAMS);
	expect(await countStreams(sql, { ...filters, statuses: ["pending", "failure"] })).toBe(STREAMS);
	expect(await countStreams(sql, { ...filters, scope: { accounts: null, groups: ["burst"] } })).toBe(STREAMS);
});

test("a burst is listed", async () => {
	const page = { page: 1, page_size: 1_000 };
	expect(await listStreams(sql, filters, page)).toHaveLength(1_000);
	expect(await listStreams(sql, { ...filters, statuses: ["pending", "failure"] }, { ...page, page: 10 })).toHaveLength(
		1_000,
	);
});

test("of several groups that a stream may stand in, no more is read than is shown", async () => {
	const groups = { group_names: ["burst", "again"] };
	const { rows } = await explainLast(database.url, (own) => lookQueue(own, groups, 10));
	// Ten from each list, and what a merge looks ahead.
	expect(rows).toBeLessThan(100);
	expect(await countTakeable(sql, [{ filters: groups, limit: STREAMS + 1 }])).toEqual([STREAMS]);
});

test("a burst is seen in the queue and taken from it", async () => {
	expect(await countTakeable(sql, [{ filters: queue, limit: STREAMS + 1 }])).toEqual([STREAMS]);
	expect(await lookQueue(sql, queue, 1_000)).toHaveLength(1_000);
	const [taken] = await takeStreams(sql, queue, [{ limit: STREAMS, agent_id: null }]);
	expect(taken).toHaveLength(STREAMS);
	expect(await countTakeable(sql, [{ filters: queue, limit: 1 }])).toEqual([0]);
});
