import type postgres from "postgres";
import { ACCOUNT } from "./engine-fixture.ts";

/** Puts so many pending streams into the tables, in one statement and without log records. */
export async function fillQueue(sql: postgres.Sql, count: number): Promise<void> {
	await sql.unsafe(
		`WITH made AS MATERIALIZED (
			SELECT gen_random_uuid() AS stream_id, nextval('stream_number') AS number,
				date_trunc('milliseconds', now()) AS create_time
			FROM generate_series(1, $1::integer)
		), written AS (
			INSERT INTO streams
			SELECT stream_id, number, create_time, $2::uuid, '', '', 'rtsp://camera.test/1', 'tcp', '{}', '{}', '{}', '{}'
			FROM made
		)
		INSERT INTO stream_states
			(stream_id, number, create_time, status, restart, attempt_count, delay, autorestart_status)
		SELECT stream_id, number, create_time, 'pending', 0, 10, 60, 'disabled' FROM made`,
		[count, ACCOUNT],
	);
}
