import type { Sql } from "postgres";
import type { JsonText, RecordStatus } from "../stream-row.ts";
import { milliseconds } from "./stream.ts";

/** A log record as the console shows it. */
export interface ConsoleLogRecord {
	record_number: number;
	stream_id: string;
	/** Of the stream now; "" when it is gone. */
	name: string;
	/** Of the stream when it was written, and now; the latter null when it is gone. */
	account_id: string;
	present_account_id: string | null;
	/** Of the stream now; none when it is gone. */
	groups: string[];
	/** Milliseconds since 1970. */
	log_time: number;
	status: RecordStatus;
	version: number;
	error: JsonText | null;
}

const text = `
	WITH hits AS MATERIALIZED (
		(SELECT * FROM stream_logs r WHERE r.record_number > $1::bigint ORDER BY r.record_number LIMIT $2::bigint)
		UNION ALL
		SELECT * FROM stream_logs r WHERE r.record_number = ANY($3::bigint[])
	)
	SELECT r.record_number::float8 AS record_number, r.stream_id, coalesce(s.name, '') AS name, r.account_id,
		s.account_id AS present_account_id,
		ARRAY(
			SELECT g.group_name FROM stream_groups l JOIN groups g ON g.group_id = l.group_id WHERE l.stream_id = r.stream_id
		) AS groups,
		${milliseconds("r.log_time")} AS log_time, r.status, r.version, r.error::text AS error
	FROM hits r LEFT JOIN streams s ON s.stream_id = r.stream_id
	ORDER BY r.record_number`;

/**
 * The first `limit` records with a number above `after`, and those of some lower numbers, in the order of their numbers.
 * A number is given before its record is committed, so a lower one may still come after a higher one was seen.
 */
export async function recordsAfter(
	sql: Sql,
	after: number,
	limit: number,
	lower: readonly number[],
): Promise<ConsoleLogRecord[]> {
	return await sql.unsafe<ConsoleLogRecord[]>(text, [after, limit, [...lower]], { prepare: true });
}
