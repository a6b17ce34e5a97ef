import type { Sql } from "../database.ts";
import type { JsonText } from "../stream-row.ts";

/** The newest sign of life of one run. */
export interface Telemetry {
	stream_id: string;
	version: number;
	run: number;
	/** Seconds since the feedback came in. */
	age: number;
	/** null: nothing to say. */
	video_info: JsonText | null;
}

const TEXT = `
WITH input AS MATERIALIZED (
	SELECT * FROM json_to_recordset($1::text::json) AS i(
		stream_id uuid, version integer, run bigint, age double precision, video_info json)
), locked AS MATERIALIZED (
	SELECT t.stream_id
	FROM stream_states t JOIN input i USING (stream_id)
	WHERE t.version = i.version AND t.run = i.run AND t.status = 'in_progress'
	ORDER BY t.stream_id
	FOR UPDATE OF t
), written AS (
	UPDATE stream_states t
	SET feedback_time = greatest(t.feedback_time, statement_timestamp() - make_interval(secs => i.age)),
		video_info = CASE WHEN i.video_info IS NULL THEN t.video_info ELSE i.video_info END
	FROM locked l JOIN input i USING (stream_id)
	WHERE t.stream_id = l.stream_id
)
SELECT i.stream_id FROM input i WHERE NOT EXISTS (SELECT FROM locked l WHERE l.stream_id = i.stream_id)`;

/**
 * Writes the newest telemetry of many streams in one statement. A row is left alone when it is no longer in that run;
 * a heartbeat never moves back. The revision stays: telemetry is not a change.
 *
 * @returns the ids that were not in their run any more: hardly ever any, while reading all the others back took 2 µs each.
 */
export async function flushTelemetry(sql: Sql, batch: readonly Telemetry[]): Promise<Set<string>> {
	const document = batch.map(
		(item) =>
			`{"stream_id":"${item.stream_id}","version":${item.version},"run":${item.run},"age":${item.age},"video_info":${item.video_info}}`,
	);
	const rows = await sql.unsafe<{ stream_id: string }[]>(TEXT, [`[${document.join()}]`], { prepare: true });
	return new Set(rows.map((row) => row.stream_id));
}
