import type { Sql } from "postgres";

/** Runs one statement: the caller decides on which connections, and what becomes of a collision. */
export type Run = <T>(statement: (sql: Sql) => Promise<T>) => Promise<T>;

/** Records that one statement looks at: some 20 ms of work, so that it has time enough on the busiest machine. */
export const LOG_BATCH = 2_000;

interface Place {
	log_time: string;
	record_number: string;
}

const FIRST: Place = { log_time: "-infinity", record_number: "0" };

/**
 * Goes through what is older than the time and deletes it, but for the newest record of each stream that exists
 * (contract, section 9). Going on from a place, and not from the beginning, lets a batch pass the records that stay, of
 * which there may be as many as streams. No lock and no transaction outlives a batch.
 */
const TEXT = `
WITH looked AS MATERIALIZED (
	SELECT r.record_number, r.log_time, r.stream_id
	FROM stream_logs r
	WHERE r.log_time < $1::text::timestamptz AND (r.log_time, r.record_number) > ($2::text::timestamptz, $3::bigint)
	ORDER BY r.log_time, r.record_number
	LIMIT ${LOG_BATCH}
), deleted AS (
	DELETE FROM stream_logs r
	USING looked l
	WHERE r.record_number = l.record_number AND (
		EXISTS (
			SELECT FROM stream_logs n
			WHERE n.stream_id = l.stream_id AND (n.log_time, n.record_number) > (l.log_time, l.record_number)
		)
		OR NOT EXISTS (SELECT FROM stream_states t WHERE t.stream_id = l.stream_id)
	)
	RETURNING r.record_number
), last AS (
	SELECT log_time, record_number FROM looked ORDER BY log_time DESC, record_number DESC LIMIT 1
)
SELECT
	(SELECT count(*) FROM deleted) AS deleted,
	(SELECT count(*) FROM looked) AS looked,
	(SELECT log_time::text FROM last) AS log_time,
	(SELECT record_number FROM last) AS record_number`;

/**
 * Deletes the records older than `time` (RFC 3339) but never an existing stream's newest one; a deleted stream's may go
 * altogether. One statement a batch; when the signal is aborted it ends after the batch under way.
 *
 * @returns how many were deleted.
 */
export async function deleteLogsBefore(run: Run, time: string, signal?: AbortSignal): Promise<number> {
	let deleted = 0;
	let place = FIRST;
	while (!signal?.aborted) {
		const from = place;
		const [row] = await run((sql) =>
			sql.unsafe<[{ deleted: string; looked: string; log_time: string; record_number: string }]>(
				TEXT,
				[time, from.log_time, from.record_number],
				{ prepare: true },
			),
		);
		deleted += Number(row.deleted);
		if (Number(row.looked) < LOG_BATCH) break;
		place = row;
	}
	return deleted;
}
