import { randomUUID } from "node:crypto";
import type postgres from "postgres";

/** A stream as the tables hold it; what a test does not say is filled in. */
export interface StoredStream {
	stream_id: string;
	number: number;
	create_time: string;
	account_id: string;
	name: string;
	reference: string;
	status: string;
	/** Ids of groups to link it to. */
	groups: string[];
}

export const account = "8950722f-3fd4-4223-b48f-03f95f0e8dfb";
export const otherAccount = "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b";

let count = 0;

/** Puts streams into the tables as they are: each second one younger than the one before it, unless told. */
export async function storeStreams(sql: postgres.Sql, streams: Partial<StoredStream>[]): Promise<StoredStream[]> {
	const stored = streams.map((stream): StoredStream => {
		const number = ++count;
		return {
			stream_id: randomUUID(),
			number,
			create_time: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
			account_id: account,
			name: "",
			reference: "rtsp://camera/1",
			status: "pending",
			groups: [],
			...stream,
		};
	});
	const rows = JSON.stringify(stored);
	await sql.begin(async (transaction) => {
		await transaction`
			INSERT INTO streams
			SELECT r.stream_id, r.number, r.create_time, r.account_id, r.name, 'described', r.reference, 'tcp',
				'{"type": "tcp"}', '{"api_version": 6}', '{}', '{"city": null}'
			FROM json_to_recordset(${rows}::text::json) r
				(stream_id uuid, number bigint, create_time timestamptz, account_id uuid, name text, reference text)`;
		await transaction`
			INSERT INTO stream_states
				(stream_id, number, create_time, status, restart, attempt_count, delay, autorestart_status)
			SELECT r.stream_id, r.number, r.create_time, r.status, 0, 10, 60, 'disabled'
			FROM json_to_recordset(${rows}::text::json) r
				(stream_id uuid, number bigint, create_time timestamptz, status text)`;
		await transaction`
			INSERT INTO stream_groups (stream_id, group_id, create_time, number)
			SELECT r.stream_id, g.group_id::uuid, r.create_time, r.number
			FROM json_to_recordset(${rows}::text::json) r
				(stream_id uuid, create_time timestamptz, number bigint, groups json),
				json_array_elements_text(r.groups) g (group_id)`;
	});
	return stored;
}

/** Deletes streams as a deletion does that never saw their links. */
export async function removeStreams(sql: postgres.Sql, stream_ids: string[]): Promise<void> {
	await sql.begin(async (transaction) => {
		await transaction`DELETE FROM stream_states WHERE stream_id = ANY(${stream_ids}::uuid[])`;
		await transaction`DELETE FROM streams WHERE stream_id = ANY(${stream_ids}::uuid[])`;
	});
}
