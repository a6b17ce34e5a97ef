import type { Sql } from "../database.ts";
import type { AutorestartStatus, JsonText, StreamStatus } from "../stream-row.ts";

/** What an actor needs to know of its stream: the state, without the definition. */
export interface StreamState {
	stream_id: string;
	account_id: string;
	data_type: string;
	status: StreamStatus;
	version: number;
	revision: number;
	run: number;
	agent_id: string | null;
	restart: 0 | 1;
	attempt_count: number;
	delay: number;
	current_attempt: number;
	autorestart_status: AutorestartStatus;
	lost_count: number;
	last_error: JsonText | null;
	preview: JsonText | null;
	/** Seconds since the last feedback of the present run, by the database's clock; null when there never was one. */
	feedback_age: number | null;
	/** Seconds since the first in_progress feedback of the present run; null before it. */
	healthy_age: number | null;
	/** Seconds until a failed stream restarts by itself, 0 or less when it is due; null when nothing is. */
	due_in: number | null;
}

const TEXT = `
SELECT t.stream_id, s.account_id, s.data_type, t.status, t.version, t.revision::float8 AS revision, t.run::float8 AS run,
	t.agent_id, t.restart, t.attempt_count, t.delay, t.current_attempt, t.autorestart_status, t.lost_count,
	t.last_error::text AS last_error, t.preview::text AS preview,
	extract(epoch FROM statement_timestamp() - t.feedback_time)::float8 AS feedback_age,
	extract(epoch FROM statement_timestamp() - t.first_feedback_time)::float8 AS healthy_age,
	extract(epoch FROM t.restart_time - statement_timestamp())::float8 AS due_in
FROM stream_states t JOIN streams s USING (stream_id)
WHERE t.stream_id = ANY ($1::uuid[])`;

/** The states of these streams, in no order; ids that do not exist are missing. */
export async function loadStates(sql: Sql, stream_ids: readonly string[]): Promise<StreamState[]> {
	return sql.unsafe<StreamState[]>(TEXT, [[...stream_ids]], { prepare: true });
}
