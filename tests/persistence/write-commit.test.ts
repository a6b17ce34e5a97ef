import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { commitChanges } from "../../persistence/streams/commit.ts";
import { flushTelemetry, type Telemetry } from "../../persistence/streams/flush-telemetry.ts";
import { loadStates } from "../../persistence/streams/load.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { aChange, aDefinition } from "./a-change.ts";
import { account, otherAccount, storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 4, onnotice: () => undefined });
});
beforeEach(async () => {
	await sql`TRUNCATE streams, stream_states, stream_groups, groups, stream_logs`;
});
afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

async function running(count: number): Promise<string[]> {
	const stored = await storeStreams(
		sql,
		Array.from({ length: count }, () => ({ status: "in_progress" })),
	);
	await sql`UPDATE stream_states SET run = 1, feedback_time = now() - interval '10 s', video_info = '{"width":0}', preview = '{"live":null}'`;
	return stored.map(({ stream_id }) => stream_id);
}

const only = async (stream_id: string) =>
	(
		await sql`
			SELECT t.*, extract(epoch FROM now() - feedback_time)::float8 AS silence,
				extract(epoch FROM restart_time - now())::float8 AS restart_in,
				extract(epoch FROM takeable_time - now())::float8 AS takeable_in,
				extract(epoch FROM now() - last_attempt_time)::float8 AS attempt_age
			FROM stream_states t WHERE stream_id = ${stream_id}`
	)[0]!;

describe("a batch of changes", () => {
	test("is written on the revision that each is based on, or not at all; the others are written", async () => {
		const [fresh, stale] = (await running(2)) as [string, string];
		const gone = randomUUID();
		const written = await commitChanges(sql, [aChange(fresh), aChange(stale, { revision: 7 }), aChange(gone)]);
		expect([...written]).toEqual([fresh]);
		expect(await only(fresh)).toMatchObject({ status: "done", revision: "2" });
		expect(await only(stale)).toMatchObject({ status: "in_progress", revision: "1" });
		const logs = await sql`SELECT stream_id FROM stream_logs`;
		expect([...logs]).toEqual([{ stream_id: fresh }]);
		expect((await commitChanges(sql, [aChange(fresh)])).size, "twice").toBe(0);
	});

	test("is written by one of any number of writers at once", async () => {
		const ids = await running(50);
		const writers = Array.from({ length: 6 }, async (_, index) => {
			const batch = ids.map((id) => aChange(id)).sort(() => (index % 2 === 0 ? 1 : -1));
			for (;;) {
				try {
					return await commitChanges(sql, batch);
				} catch (error) {
					expect((error as { code?: string }).code, "locked in stream_id order there is no deadlock").toBeUndefined();
				}
			}
		});
		const written = (await Promise.all(writers)).flatMap((set) => [...set]);
		expect(written.sort()).toEqual([...ids].sort());
	});

	test("keeps what it does not say: undefined keeps, null clears, a value replaces", async () => {
		const [kept, cleared, replaced] = (await running(3)) as [string, string, string];
		await commitChanges(sql, [
			aChange(kept),
			aChange(cleared, { video_info: null, preview: null }),
			aChange(replaced, {
				video_info: '{"width":9}',
				preview: '{"live":{"url":"http://a/"}}',
				last_error: '{"error_code":1}',
			}),
		]);
		expect(await only(kept)).toMatchObject({ video_info: { width: 0 }, preview: { live: null }, last_error: null });
		expect(await only(cleared)).toMatchObject({ video_info: null, preview: null });
		expect(await only(replaced)).toMatchObject({
			video_info: { width: 9 },
			preview: { live: { url: "http://a/" } },
			last_error: { error_code: 1 },
		});
	});

	test("stamps with the database's clock: due times count from the commit, a heartbeat is as old as its feedback and never moves back", async () => {
		const [a, b, c] = (await running(3)) as [string, string, string];
		await sql`UPDATE stream_states SET restart_time = now(), takeable_time = now(), last_attempt_time = now() WHERE stream_id = ${b}`;
		await commitChanges(sql, [
			aChange(a, { restart_in: 30, takeable_in: 20, last_attempt: "now", feedback_age: 3, first_feedback: true }),
			aChange(b, { restart_in: "clear", takeable_in: "clear", last_attempt: "clear" }),
			aChange(c, { feedback_age: 60 }),
		]);
		const row = await only(a);
		expect(row["restart_in"]).toBeCloseTo(30, 0);
		expect(row["takeable_in"]).toBeCloseTo(20, 0);
		expect(row["attempt_age"]).toBeCloseTo(0, 0);
		expect(row["silence"]).toBeCloseTo(3, 0);
		expect(row["first_feedback_time"]).not.toBeNull();
		expect(await only(b)).toMatchObject({ restart_time: null, takeable_time: null, last_attempt_time: null });
		expect((await only(c))["silence"]).toBeCloseTo(10, 0);
	});

	test("downgrades only a stream that has really been silent", async () => {
		const [silent, heard] = (await running(2)) as [string, string];
		await sql`UPDATE stream_states SET feedback_time = now() WHERE stream_id = ${heard}`;
		const written = await commitChanges(sql, [aChange(silent, { silent_for: 5 }), aChange(heard, { silent_for: 5 })]);
		expect([...written]).toEqual([silent]);
	});

	test("leaves its records in their order; reported ones show what was stored then", async () => {
		const [id] = (await running(1)) as [string];
		const record = { version: 1, error: null, video_info: undefined, preview: undefined };
		await commitChanges(sql, [
			aChange(id, {
				status: "pending",
				video_info: '{"width":2}',
				records: [
					{ ...record, status: "in_progress", reported: true, error: '{"error_code":1}', video_info: '{"width":1}' },
					{ ...record, status: "handler_lost", reported: true, preview: null },
					{ ...record, status: "restart", reported: false },
					{ ...record, status: "pending", reported: false },
				],
			}),
		]);
		const log = await sql`SELECT status, error, video_info, preview FROM stream_logs ORDER BY record_number`;
		const bare = { error: null, video_info: null, preview: null };
		expect([...log]).toEqual([
			{ status: "in_progress", error: { error_code: 1 }, video_info: { width: 1 }, preview: { live: null } },
			{ status: "handler_lost", error: null, video_info: { width: 0 }, preview: null },
			{ status: "restart", ...bare },
			{ status: "pending", ...bare },
		]);
	});

	test("with a definition replaces it whole, keeps create_time and number, and links besides", async () => {
		const [group_id, older] = [randomUUID(), randomUUID()];
		for (const [id, name] of [
			[group_id, "north"],
			[older, "south"],
		])
			await sql`INSERT INTO groups (group_id, create_time, account_id, group_name, description) VALUES (${id!}, now(), ${account}, ${name!}, '')`;
		const [stream, beside] = await storeStreams(sql, [{ groups: [older] }, {}]);
		const before = await sql`SELECT create_time, number FROM streams WHERE stream_id = ${stream!.stream_id}`;
		await commitChanges(sql, [
			aChange(stream!.stream_id, {
				group_ids: [group_id],
				definition: aDefinition({ account_id: otherAccount }),
			}),
			aChange(beside!.stream_id, { description: "patched" }),
		]);
		const rows =
			await sql`SELECT account_id, name, description, data_type, reference, data::text AS data FROM streams ORDER BY number`;
		expect(rows[0]).toEqual({
			account_id: otherAccount,
			name: "new",
			description: "",
			data_type: "videofile",
			reference: "r",
			data: '{"b": 1, "a": 2}',
		});
		expect(rows[1]).toMatchObject({ account_id: account, name: "", description: "patched", data_type: "tcp" });
		expect(await sql`SELECT create_time, number FROM streams WHERE stream_id = ${stream!.stream_id}`).toEqual(before);
		const links = await sql`SELECT group_id FROM stream_groups WHERE stream_id = ${stream!.stream_id}`;
		expect(links.map((row) => row["group_id"]).sort()).toEqual([group_id, older].sort());
		const [log] = await sql`SELECT account_id FROM stream_logs WHERE stream_id = ${stream!.stream_id}`;
		expect(log?.["account_id"]).toBe(otherAccount);
	});
});

describe("a flush of telemetry", () => {
	const sign = (stream_id: string, members: Partial<Telemetry> = {}): Telemetry => ({
		stream_id,
		version: 1,
		run: 1,
		age: 1,
		video_info: null,
		...members,
	});

	test("is guarded by version, run and status, and answers who was not in that run any more", async () => {
		const ids = (await running(4)) as [string, string, string, string];
		await sql`UPDATE stream_states SET status = 'pause' WHERE stream_id = ${ids[3]}`;
		const info = '{"width":5}';
		const unknown = randomUUID();
		const missed = await flushTelemetry(sql, [
			sign(ids[0], { video_info: info }),
			sign(ids[1], { video_info: info, version: 2 }),
			sign(ids[2], { video_info: info, run: 2 }),
			sign(ids[3], { video_info: info }),
			sign(unknown),
		]);
		expect([...missed].toSorted()).toEqual([ids[1], ids[2], ids[3], unknown].toSorted());
		expect(await only(ids[0])).toMatchObject({ video_info: { width: 5 }, revision: "1" });
		for (const id of ids.slice(1)) expect(await only(id)).toMatchObject({ video_info: { width: 0 } });
		expect((await sql`SELECT FROM stream_logs`).length).toBe(0);
	});

	test("stamps the heartbeat with its age and never moves it back; null keeps what is stored", async () => {
		const [late, early] = (await running(2)) as [string, string];
		await flushTelemetry(sql, [sign(late, { age: 30 }), sign(early, { age: 2 })]);
		expect((await only(late))["silence"]).toBeCloseTo(10, 0);
		expect((await only(early))["silence"]).toBeCloseTo(2, 0);
		expect(await only(early)).toMatchObject({ video_info: { width: 0 } });
	});
});

describe("a load", () => {
	test("answers the states of these streams with the ages of their feedback, and leaves out who does not exist", async () => {
		const [id] = (await running(1)) as [string];
		const [state, ...more] = await loadStates(sql, [id, randomUUID()]);
		expect(more).toEqual([]);
		expect(state).toMatchObject({
			stream_id: id,
			account_id: account,
			data_type: "tcp",
			status: "in_progress",
			revision: 1,
			run: 1,
			preview: '{"live":null}',
			healthy_age: null,
		});
		expect(state!.feedback_age).toBeCloseTo(10, 0);
	});
});
