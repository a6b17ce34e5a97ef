import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGroup } from "../../persistence/groups/create.ts";
import { getStreams } from "../../persistence/streams/get.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { account, storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 2, onnotice: () => undefined, connection: { TimeZone: "Asia/Kolkata" } });
});

afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

describe("streams read by their ids", () => {
	test("show everything: JSON as it was written, times in UTC cut to milliseconds, numbers as numbers", async () => {
		const group = await createGroup(sql, { account_id: account, group_name: "front", description: "" });
		const [stored] = await storeStreams(sql, [
			{ name: "door", create_time: "2026-05-01T10:00:00.250Z", groups: [group.group_id] },
		]);
		await sql`
			UPDATE stream_states SET revision = 9007199254740991, run = 3, agent_id = 'agent 1', version = 2, status = 'failure',
				restart = 1, attempt_count = 5, delay = 7, current_attempt = 2, autorestart_status = 'in_progress',
				last_attempt_time = '2026-05-01T10:00:00.251999Z', feedback_time = '2026-05-01T23:59:59.999999Z',
				restart_time = '2026-05-02T00:00:00Z', last_error = '{"error_code":  1}', video_info = '{"width": 1}',
				preview = '{"live": null}'
			WHERE stream_id = ${stored!.stream_id}`;
		expect(await getStreams(sql, [stored!.stream_id])).toEqual([
			{
				stream_id: stored?.stream_id,
				account_id: account,
				name: "door",
				description: "described",
				data: '{"type": "tcp"}',
				event_handler: '{"api_version": 6}',
				policies: "{}",
				location: '{"city": null}',
				restart: 1,
				attempt_count: 5,
				delay: 7,
				current_attempt: 2,
				last_attempt_time: "2026-05-01T10:00:00.251Z",
				autorestart_status: "in_progress",
				version: 2,
				create_time: "2026-05-01T10:00:00.250Z",
				status: "failure",
				last_error: '{"error_code":  1}',
				video_info: '{"width": 1}',
				preview: '{"live": null}',
				groups: ["front"],
				revision: 9007199254740991,
				run: 3,
				agent_id: "agent 1",
				feedback_time: "2026-05-01T23:59:59.999Z",
				restart_time: "2026-05-02T00:00:00.000Z",
			},
		]);
	});

	test("what nobody has said yet is null", async () => {
		const [stored] = await storeStreams(sql, [{}]);
		const [row] = await getStreams(sql, [stored!.stream_id]);
		expect(row).toMatchObject({
			last_attempt_time: null,
			last_error: null,
			video_info: null,
			preview: null,
			agent_id: null,
			feedback_time: null,
			restart_time: null,
			groups: [],
		});
	});

	test("come many at once, each once; ids that do not exist are not among them", async () => {
		const stored = (await storeStreams(sql, Array(1500).fill({}))).map((stream) => stream.stream_id);
		const rows = await getStreams(sql, [randomUUID(), ...stored, ...stored]);
		expect(rows.map((row) => row.stream_id).sort()).toEqual([...stored].sort());
		expect(await getStreams(sql, [])).toEqual([]);
	});
});
