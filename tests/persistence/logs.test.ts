import { randomUUID } from "node:crypto";
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deleteLogsBefore, LOG_BATCH, type Run } from "../../persistence/logs/delete.ts";
import { expireLogs } from "../../persistence/logs/expire.ts";
import { listLogs } from "../../persistence/logs/list.ts";
import type { LogFilters } from "../../persistence/stream-row.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { account, otherAccount, storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;
const run: Run = (statement) => statement(sql);

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 4, onnotice: () => undefined });
});

beforeEach(async () => {
	await sql`TRUNCATE streams, stream_states, stream_logs RESTART IDENTITY`;
});

afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

interface Entry {
	stream_id: string;
	log_time: string;
	status: string;
	account_id: string;
	version: number;
}

/** Writes records in their order; the version tells them apart. */
async function write(entries: Partial<Entry>[]): Promise<Entry[]> {
	const full = entries.map((entry, n): Entry => {
		const log_time = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
		return { stream_id: randomUUID(), log_time, status: "pending", account_id: account, version: n, ...entry };
	});
	await sql`
		INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
		SELECT r.stream_id, r.account_id, r.log_time, r.status, r.version
		FROM ROWS FROM (
			json_to_recordset(${JSON.stringify(full)}::text::json)
			AS (stream_id uuid, account_id uuid, log_time timestamptz, status text, version integer)
		) WITH ORDINALITY r ORDER BY r.ordinality`;
	return full;
}

const all = { page: 1, page_size: 1000 };

async function versions(filters: LogFilters, page = all): Promise<number[]> {
	return (await listLogs(sql, filters, page)).map((row) => row.version);
}

describe("a list of the log", () => {
	test("shows the newest first, the records of one moment in their order, on pages without gap", async () => {
		const moment = "2026-03-01T00:00:00.000Z";
		await write([{ log_time: "2026-04-01T00:00:00Z" }, ...Array(20).fill({ log_time: moment }), {}]);
		const order = [0, ...Array.from({ length: 20 }, (_, n) => 20 - n), 21];
		expect(await versions({})).toEqual(order);
		const pages = [1, 2, 3, 4].map((page) => versions({}, { page, page_size: 9 }));
		expect((await Promise.all(pages)).map((page) => page.length)).toEqual([9, 9, 4, 0]);
		expect((await Promise.all(pages)).flat()).toEqual(order);
	});

	test("shows what a record holds, JSON as it was written", async () => {
		const stream_id = randomUUID();
		await sql`
			INSERT INTO stream_logs (stream_id, account_id, log_time, status, version, error, video_info, preview) VALUES
			(${stream_id}, ${account}, '2026-03-01T00:00:00.1239Z', 'failure', 3, '{"error_code":  9}', '{"width": 1}', '{}')`;
		await sql`
			INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
			VALUES (${stream_id}, ${account}, '2026-03-01T00:00:00Z', 'pending', 1)`;
		expect(await listLogs(sql, {}, all)).toEqual([
			{
				stream_id,
				log_time: "2026-03-01T00:00:00.123Z",
				status: "failure",
				version: 3,
				error: '{"error_code":  9}',
				video_info: '{"width": 1}',
				preview: "{}",
			},
			{
				stream_id,
				log_time: "2026-03-01T00:00:00.000Z",
				status: "pending",
				version: 1,
				error: null,
				video_info: null,
				preview: null,
			},
		]);
	});

	test("log_time__gte includes its moment, log_time__lt excludes it", async () => {
		await write([{}, {}, {}]);
		const middle = "2026-01-01T00:00:01.000Z";
		expect(await versions({ log_time__gte: middle })).toEqual([2, 1]);
		expect(await versions({ log_time__lt: middle })).toEqual([0]);
		expect(await versions({ log_time__gte: middle, log_time__lt: middle })).toEqual([]);
		expect(await versions({ log_time__gte: "2026-01-01T00:00:01.0001Z" })).toEqual([2]);
	});

	test("a status that no record has matches nothing, `deleted` matches", async () => {
		await write([{ status: "deleted" }, { status: "restart" }]);
		expect(await versions({ statuses: ["not_found"] })).toEqual([]);
		expect(await versions({ statuses: [] })).toEqual([]);
		expect(await versions({ statuses: ["deleted"] })).toEqual([0]);
		expect(await versions({ statuses: ["not_found", "restart", "deleted", "deleted"] })).toEqual([1, 0]);
	});

	test("different filters combine with AND, values inside one with OR", async () => {
		const streams = Array.from({ length: 7 }, () => randomUUID());
		const statuses = "pending in_progress done pause cancel failure restart handler_lost deleted".split(" ");
		const written = await write(
			Array.from({ length: 150 }, (_, n) => ({
				stream_id: streams[n % 7]!,
				status: statuses[(n * 4) % 9]!,
				account_id: n % 3 ? account : otherAccount,
				log_time: new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 4)).toISOString(),
			})),
		);
		const some = (values: string[]) => fc.option(fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 6 }));
		const time = fc.option(fc.constantFrom(...written.map((entry) => entry.log_time)));
		const filters = fc.record({
			account_id: fc.option(fc.constantFrom(account, otherAccount)),
			stream_ids: some(streams),
			statuses: some([...statuses, "not_found"]),
			log_time__gte: time,
			log_time__lt: time,
		});
		const page = fc.record({ page: fc.integer({ min: 1, max: 3 }), page_size: fc.integer({ min: 1, max: 60 }) });
		await fc.assert(
			fc.asyncProperty(filters, page, async (raw, { page, page_size }) => {
				const asked: LogFilters = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
				const expected = written
					.filter(
						(entry) =>
							(asked.account_id === undefined || asked.account_id === entry.account_id) &&
							(asked.stream_ids?.includes(entry.stream_id) ?? true) &&
							(asked.statuses?.includes(entry.status) ?? true) &&
							(asked.log_time__gte === undefined || entry.log_time >= asked.log_time__gte) &&
							(asked.log_time__lt === undefined || entry.log_time < asked.log_time__lt),
					)
					.map((entry) => entry.version)
					.reverse();
				const shown = await versions(asked, { page, page_size });
				expect(shown).toEqual(expected.slice((page - 1) * page_size, page * page_size));
			}),
			{ numRuns: 200 },
		);
	});
});

describe("deleting from the log", () => {
	test("removes what is older than the time, not what is of that moment", async () => {
		const [stream] = await storeStreams(sql, [{}]);
		await write(Array(5).fill({ stream_id: stream!.stream_id }));
		expect(await deleteLogsBefore(run, "2026-01-01T00:00:02.000Z")).toBe(2);
		expect(await versions({})).toEqual([4, 3, 2]);
		expect(await deleteLogsBefore(run, "2026-01-01T00:00:02.000Z")).toBe(0);
	});

	test("keeps the newest record of an existing stream, and of one moment the last written", async () => {
		const [a, b] = (await storeStreams(sql, [{}, {}])).map((stream) => stream.stream_id);
		const same = "2026-01-01T00:00:00.000Z";
		await write([
			{ stream_id: a!, log_time: same },
			{ stream_id: a!, log_time: same },
			{ stream_id: b!, log_time: same },
		]);
		expect(await deleteLogsBefore(run, "2030-01-01T00:00:00Z")).toBe(1);
		expect(await versions({})).toEqual([2, 1]);
	});

	test("lets the records of a deleted stream go altogether", async () => {
		await write([{}, { status: "deleted" }]);
		expect(await deleteLogsBefore(run, "2030-01-01T00:00:00Z")).toBe(2);
	});

	test("passes batch after batch, those too of which every record stays", async () => {
		const streams = await storeStreams(sql, Array(LOG_BATCH + 10).fill({}));
		const kept = streams.map(({ stream_id }) => ({ stream_id, log_time: "2026-01-01T00:00:00.000Z" }));
		await write([...kept, ...Array.from({ length: LOG_BATCH + 5 }, () => ({ log_time: "2026-01-02T00:00:00.000Z" }))]);
		let statements = 0;
		const counted: Run = (statement) => {
			statements++;
			return statement(sql);
		};
		expect(await deleteLogsBefore(counted, "2030-01-01T00:00:00Z")).toBe(LOG_BATCH + 5);
		expect(statements).toBe(3);
		const [left] = await sql`SELECT count(*)::int AS count FROM stream_logs`;
		expect(left?.["count"]).toBe(LOG_BATCH + 10);
	});

	test("ends after the batch under way when it is told to", async () => {
		await write(Array.from({ length: LOG_BATCH + 5 }, () => ({})));
		const stop = new AbortController();
		const stopping: Run = (statement) => {
			stop.abort();
			return statement(sql);
		};
		expect(await deleteLogsBefore(stopping, "2030-01-01T00:00:00Z", stop.signal)).toBe(LOG_BATCH);
		expect(await deleteLogsBefore(run, "2030-01-01T00:00:00Z", stop.signal)).toBe(0);
		expect(await deleteLogsBefore(run, "2030-01-01T00:00:00Z")).toBe(5);
	});

	test("by several at once counts each record once, and the newest stays", async () => {
		const streams = await storeStreams(sql, Array(50).fill({}));
		await write(Array.from({ length: 3000 }, (_, n) => ({ stream_id: streams[n % 50]!.stream_id })));
		const times = ["2026-01-01T00:10:00Z", "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-01-01T00:40:00Z"];
		const deleted = await Promise.all(times.map((time) => deleteLogsBefore(run, time)));
		expect(deleted.reduce((sum, count) => sum + count)).toBe(2950);
		expect((await versions({})).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => 2950 + n));
	});

	test("by age goes by the database's clock", async () => {
		const [{ old, young }] = await sql<[{ old: string; young: string }]>`
			SELECT (now() - interval '11 seconds')::text AS old, (now() + interval '1 second')::text AS young`;
		await write([{ log_time: old }, { log_time: young }]);
		expect(await expireLogs(run, 3600)).toBe(0);
		expect(await expireLogs(run, 10.5)).toBe(1);
		expect(await versions({})).toEqual([1]);
	});
});
