import postgres from "postgres";
import { ACCOUNT, streamToCreate } from "./streams.ts";

/** Rows of one statement. */
const BATCH = 50_000;

/** Streams that are done: what a site has collected over the years. */
export async function storeDone(url: string, count: number): Promise<void> {
	await store(url, count, "done");
}

/** Streams in progress whose agent has just been heard of; gives their ids. */
export async function storeLive(url: string, count: number): Promise<string[]> {
	return store(url, count, "in_progress");
}

/** Straight into the tables. */
async function store(url: string, count: number, status: "done" | "in_progress"): Promise<string[]> {
	const { name, reference, data, event_handler, policies, location } = streamToCreate(ACCOUNT);
	const sql = postgres(url, { max: 1, onnotice: () => undefined });
	const ids: string[] = [];
	try {
		for (let made = 0; made < count; made += BATCH) {
			const rows = await sql<{ stream_id: string }[]>`
				WITH made AS (
					INSERT INTO streams (stream_id, number, create_time, account_id, name, description, reference, data_type, data,
						event_handler, policies, location)
					SELECT gen_random_uuid(), nextval('stream_number'), now(), ${ACCOUNT}, ${name}::text || n % 1000, '',
						${reference}::text || n, 'tcp', ${data}::text::json, ${event_handler}::text::json,
						${policies}::text::json, ${location}::text::json
					FROM generate_series(1, ${Math.min(BATCH, count - made)}::int) n
					RETURNING stream_id, number, create_time
				)
				INSERT INTO stream_states (stream_id, number, create_time, status, restart, attempt_count, delay,
					autorestart_status, run, feedback_time, first_feedback_time)
				SELECT stream_id, number, create_time, ${status}, 0, 10, 60, 'disabled', 1,
					CASE ${status}::text WHEN 'in_progress' THEN now() END, CASE ${status}::text WHEN 'in_progress' THEN now() END
				FROM made RETURNING stream_id`;
			for (const { stream_id } of rows) ids.push(stream_id);
		}
		for (const table of ["streams", "stream_states"]) await sql.unsafe(`VACUUM (ANALYZE) ${table}`);
		return ids;
	} finally {
		await sql.end();
	}
}
