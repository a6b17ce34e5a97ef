import type { Sql } from "../database.ts";
import type { WrittenStream } from "../stream-row.ts";

export interface StreamToCreate {
	stream_id: string;
	stream: WrittenStream;
	/** Its group must be of one of these accounts; absent or null: of any. */
	group_accounts?: readonly string[] | null;
}

/** One JSON document for a batch: definitions are JSON text already and are put in as they are. */
function document(batch: readonly StreamToCreate[]): string {
	const rows = batch.map(({ stream_id, stream, group_accounts }, ord) => {
		const { data, event_handler, policies, location, ...plain } = stream;
		const head = JSON.stringify({ ord, stream_id, group_accounts, ...plain });
		return `${head.slice(0, -1)},"data":${data},"event_handler":${event_handler},"policies":${policies},"location":${location}}`;
	});
	return `[${rows.join()}]`;
}

const TEXT = `
WITH input AS MATERIALIZED (
	SELECT i.*, g.group_id
	FROM json_to_recordset($1::text::json) AS i(
		ord integer, stream_id uuid, account_id uuid, name text, description text, reference text, data_type text,
		data json, event_handler json, policies json, location json,
		status text, restart smallint, attempt_count integer, delay integer, group_name text, group_accounts uuid[])
	LEFT JOIN groups g ON g.group_name = i.group_name AND (i.group_accounts IS NULL OR g.account_id = ANY (i.group_accounts))
), numbered AS MATERIALIZED (
	SELECT o.*, nextval('stream_number') AS number, date_trunc('milliseconds', statement_timestamp()) AS create_time
	FROM (SELECT * FROM input WHERE group_name IS NULL OR group_id IS NOT NULL ORDER BY ord) o
), written AS (
	INSERT INTO streams (stream_id, number, create_time, account_id, name, description, reference, data_type,
		data, event_handler, policies, location)
	SELECT stream_id, number, create_time, account_id, name, description, reference, data_type,
		data, event_handler, policies, location
	FROM numbered
), stated AS (
	INSERT INTO stream_states (stream_id, number, create_time, status, restart, attempt_count, delay, autorestart_status)
	SELECT stream_id, number, create_time, status, restart, attempt_count, delay,
		CASE restart WHEN 1 THEN 'enabled' ELSE 'disabled' END
	FROM numbered
), linked AS (
	INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
	SELECT stream_id, group_id, create_time, number, account_id, name FROM numbered WHERE group_id IS NOT NULL
), logged AS (
	INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
	SELECT stream_id, account_id, create_time, status, 1 FROM numbered ORDER BY number
)
SELECT stream_id FROM numbered`;

/**
 * Creates the streams of a batch in one statement: definition, state, link to the group, first log record.
 *
 * @returns the ids that were created; what is missing named a group that does not exist (39007).
 */
export async function createStreams(sql: Sql, batch: readonly StreamToCreate[]): Promise<Set<string>> {
	const rows = await sql.unsafe<{ stream_id: string }[]>(TEXT, [document(batch)], { prepare: true });
	return new Set(rows.map((row) => row.stream_id));
}
