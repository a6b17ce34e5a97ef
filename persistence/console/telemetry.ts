import type { Sql } from "postgres";
import { milliseconds, ofVideo } from "./stream.ts";

/** What moves without a change of status. */
export interface StreamTelemetry {
	stream_id: string;
	/** Milliseconds since 1970, or null when it does not run. */
	feedback_time: number | null;
	progress: number | null;
	frame_rate: number | null;
	width: number | null;
	height: number | null;
}

const text = `
	SELECT t.stream_id, CASE WHEN t.status = 'in_progress' THEN ${milliseconds("t.feedback_time")} END AS feedback_time,
		${ofVideo("progress")} AS progress, ${ofVideo("frame_rate")} AS frame_rate,
		${ofVideo("width")} AS width, ${ofVideo("height")} AS height
	FROM unnest($1::uuid[]) asked (stream_id) JOIN stream_states t ON t.stream_id = asked.stream_id`;

/** The telemetry of these streams, in no particular order. */
export async function readTelemetry(sql: Sql, stream_ids: readonly string[]): Promise<StreamTelemetry[]> {
	return await sql.unsafe<StreamTelemetry[]>(text, [[...stream_ids]], { prepare: true });
}
