import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attach } from "../../persistence/links/link.ts";
import { listLogs } from "../../persistence/logs/list.ts";
import type { LogFilters, QueueFilters, StreamFilters } from "../../persistence/stream-row.ts";
import { countStreams } from "../../persistence/streams/count.ts";
import { getStreams } from "../../persistence/streams/get.ts";
import { listStreams } from "../../persistence/streams/list.ts";
import { lookQueue } from "../../persistence/streams/look.ts";
import { takeStreams } from "../../persistence/streams/take.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { explainLast, type Work } from "./explain.ts";

/** As many as there are: what is pending is what came last, half of everything is one account's. */
const STREAMS = 100_000;
const PENDING = 2_000;
const account = "00000000-0000-4000-8000-000000000000";
const smallAccount = "00000000-0000-4000-8000-000000000005";

let database: FreshDatabase;
let ids: string[];
let largeGroup: string;

beforeAll(async () => {
	database = await freshDatabase();
	const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
	try {
		await sql.unsafe(`
			CREATE TEMP TABLE seed AS
			SELECT n, gen_random_uuid() AS id, timestamptz '2026-01-01Z' + n * interval '7 seconds' AS time,
				('00000000-0000-4000-8000-' || lpad(CASE WHEN n % 2 = 0 THEN 0 ELSE n % 197 + 1 END::text, 12, '0'))::uuid AS account,
				CASE WHEN n % 10 < 5 THEN '' ELSE 'camera-' || n % 2003 END AS name,
				CASE WHEN n > ${STREAMS - PENDING} THEN 'pending' WHEN n % 100 < 4 THEN 'in_progress'
					WHEN n % 1000 = 5 THEN 'failure' ELSE 'done' END AS status
			FROM generate_series(1, ${STREAMS}) n;
			INSERT INTO streams
			SELECT id, n, time, account, name, '', 'rtsp://host/' || n % 50000, 'tcp', '{}', '{}', to_json(repeat('x', 300)), '{}'
			FROM seed;
			INSERT INTO stream_states
				(stream_id, number, create_time, status, restart, attempt_count, delay, autorestart_status)
			SELECT id, n, time, status, 0, 10, 60, 'disabled' FROM seed;
			INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
			SELECT id, account, time + k * interval '1 second', CASE k WHEN 0 THEN 'pending' ELSE status END, 1
			FROM seed, generate_series(0, 1) k WHERE n % 2 = 1 ORDER BY n, k;
			INSERT INTO groups (group_id, create_time, account_id, group_name, description)
			SELECT gen_random_uuid(), now(), '${account}', 'group-' || g, '' FROM generate_series(0, 200) g;
			INSERT INTO stream_groups
			SELECT id, group_id, time, n, account, name FROM seed
			JOIN groups ON group_name = 'group-' || CASE WHEN n % 2 = 0 THEN 0 ELSE n % 199 + 1 END`);
		for (const table of ["streams", "stream_states", "stream_logs", "stream_groups", "groups"]) {
			await sql.unsafe(`VACUUM (ANALYZE) ${table}`);
		}
		ids = (await sql`SELECT id FROM seed ORDER BY id LIMIT 1000`).map((row) => String(row["id"]));
		largeGroup = String((await sql`SELECT group_id FROM groups WHERE group_name = 'group-0'`)[0]?.["group_id"]);
	} finally {
		await sql.end();
	}
});

afterAll(async () => {
	await database?.drop();
});

/** How the name of a test shows filters. */
function show(filters: object): string {
	return JSON.stringify(filters).replaceAll('"', "");
}

const first = { page: 1, page_size: 10 };

/** No table is read from end to end, and few rows are come by. */
function expectLittle(work: Work, rows: number): void {
	expect(work.wholeTables).toEqual([]);
	expect(work.rows).toBeLessThan(rows);
}

describe(`with ${STREAMS} streams stored`, () => {
	for (const { filters, rows } of [
		{ filters: {}, rows: 100 },
		{ filters: { account_id: account }, rows: 100 },
		{ filters: { account_id: smallAccount }, rows: 100 },
		{ filters: { statuses: ["pending"] }, rows: 100 },
		{ filters: { statuses: ["pending", "in_progress", "failure"] }, rows: 150 },
		{ filters: { statuses: ["pending", "in_progress", "done", "pause", "cancel", "failure"] }, rows: 200 },
		{ filters: { statuses: ["cancel"] }, rows: 100 },
		{ filters: { names: ["camera-77"] }, rows: 150 },
		{ filters: { names: ["", "camera-77"] }, rows: 200 },
		{ filters: { reference: "rtsp://host/77" }, rows: 100 },
		{ filters: { create_time__gte: "2026-01-03T00:00:00Z" }, rows: 100 },
		{ filters: { create_time__gte: "2026-01-03T00:00:00Z", statuses: ["done", "pause"] }, rows: 150 },
		{ filters: { account_id: account, create_time__lt: "2026-01-03T00:00:00Z" }, rows: 100 },
		{ filters: { account_id: account, statuses: ["pending"] }, rows: 200 },
		{ filters: { account_id: smallAccount, statuses: ["pending"] }, rows: 6_000 },
		{ filters: { names: [""], statuses: ["pending"] }, rows: 300 },
		{ filters: { group_name: "group-0" }, rows: 300 },
		{ filters: { group_name: "group-77" }, rows: 6_000 },
		{ filters: { group_name: "group-0", statuses: ["pending"] }, rows: 300 },
		{ filters: { group_name: "group-77", statuses: ["pending"] }, rows: 6_000 },
		{ filters: { account_id: smallAccount, names: ["", "camera-77"] }, rows: 6_000 },
		{ filters: { names: [""], statuses: ["pending", "in_progress", "failure"] }, rows: 1_000 },
		{ filters: { group_name: "group-0", names: [""], statuses: ["in_progress"] }, rows: 1_000 },
		{ filters: { account_id: account, reference: "rtsp://host/78", group_name: "group-0" }, rows: 100 },
	] satisfies { filters: StreamFilters; rows: number }[]) {
		test(`the first page of ${show(filters)} comes by an index`, async () => {
			expectLittle(await explainLast(database.url, (sql) => listStreams(sql, filters, first)), rows);
		});
	}

	test("a page by ids reads these rows only", async () => {
		const work = await explainLast(database.url, (sql) => listStreams(sql, { stream_ids: ids.slice(0, 90) }, first));
		expectLittle(work, 300);
	});

	test("a thousand streams by their ids are read by the primary key", async () => {
		expectLittle(await explainLast(database.url, (sql) => getStreams(sql, ids)), 6_000);
	});

	for (const { filters, rows } of [
		{ filters: {}, rows: STREAMS + 1 },
		{ filters: { account_id: smallAccount }, rows: 1_000 },
		{ filters: { statuses: ["pending"] }, rows: PENDING + 1 },
		{ filters: { statuses: ["pending", "failure"] }, rows: PENDING + 200 },
		{ filters: { names: ["camera-77", "camera-78"] }, rows: 200 },
		{ filters: { reference: "rtsp://host/77" }, rows: 20 },
		{ filters: { create_time__lt: "2026-01-01T01:00:00Z" }, rows: 600 },
		{ filters: { group_name: "group-77" }, rows: 1_500 },
		{ filters: { account_id: smallAccount, statuses: ["pending"] }, rows: 6_000 },
		// Filters of one table are looked at in the index of one of them.
		{ filters: { account_id: smallAccount, names: [""] }, rows: 1_000 },
		{ filters: { reference: "rtsp://host/78", account_id: account, names: [""] }, rows: 20 },
		// No more than the entries of both lists, and of the larger one only those of the time of the smaller.
		{ filters: { names: [""], statuses: ["pending"] }, rows: 2 * PENDING },
		{ filters: { group_name: "group-0", statuses: ["failure"] }, rows: STREAMS / 2 + 200 },
		{ filters: { names: [""], statuses: ["pending", "failure"], group_name: "group-0" }, rows: STREAMS + 3_000 },
	] satisfies { filters: StreamFilters; rows: number }[]) {
		test(`the count of ${show(filters)} comes by an index`, async () => {
			expectLittle(await explainLast(database.url, (sql) => countStreams(sql, filters)), rows);
		});
	}

	for (const { filters, rows } of [
		{ filters: {}, rows: 100 },
		{ filters: { names: ["camera-77"] }, rows: 6_000 },
		{ filters: { names: [""] }, rows: 300 },
		{ filters: { group_names: ["group-0"] }, rows: 300 },
		{ filters: { group_names: ["group-77", "group-78"] }, rows: 6_000 },
		{ filters: { names: ["", "camera-77"], group_names: ["group-0", "group-77"] }, rows: 10_000 },
	] satisfies { filters: QueueFilters; rows: number }[]) {
		test(`a look at the queue with ${show(filters)} comes by an index`, async () => {
			expectLittle(await explainLast(database.url, (sql) => lookQueue(sql, filters, 10)), rows);
		});

		test(`a take from the queue with ${show(filters)} comes by an index`, async () => {
			const take = (sql: postgres.Sql) => takeStreams(sql, filters, [{ limit: 10, agent_id: null }]);
			expectLittle(await explainLast(database.url, take), rows);
		});
	}

	for (const { filters, index } of [
		{ filters: {}, index: "stream_logs_order" },
		{ filters: { account_id: smallAccount }, index: "stream_logs_account" },
		{ filters: { log_time__lt: "2026-01-03T00:00:00Z" }, index: "stream_logs_order" },
		{ filters: { statuses: ["failure"] }, index: "stream_logs_rare" },
		{ filters: { statuses: ["deleted", "restart", "cancel"] }, index: "stream_logs_rare" },
		{ filters: { account_id: smallAccount, statuses: ["deleted", "failure"] }, index: "stream_logs_account_rare" },
		{ filters: { statuses: ["pending", "in_progress"] }, index: "stream_logs_order" },
	] satisfies { filters: LogFilters; index: string }[]) {
		test(`the newest records of ${show(filters)} come by ${index}`, async () => {
			const work = await explainLast(database.url, (sql) => listLogs(sql, filters, first));
			expectLittle(work, 150);
			expect(work.indexes).toContain(index);
		});
	}

	test("the newest records of many streams come by their index", async () => {
		const filters = { stream_ids: ids.slice(0, 90), statuses: ["pending", "done"] };
		const work = await explainLast(database.url, (sql) => listLogs(sql, filters, first));
		expectLittle(work, 500);
		expect(work.indexes).toContain("stream_logs_stream");
	});

	test("a thousand streams are attached without reading others", async () => {
		const link = { group_id: largeGroup, stream_ids: ids, account_id: null };
		expectLittle(await explainLast(database.url, (sql) => attach(sql, link)), 6_000);
	});
});
