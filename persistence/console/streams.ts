import type { Sql } from "postgres";
import { type ConsoleStream, consoleColumns } from "./stream.ts";

const text = `
	SELECT ${consoleColumns}
	FROM unnest($1::uuid[]) asked (stream_id)
	JOIN streams s ON s.stream_id = asked.stream_id
	JOIN stream_states t ON t.stream_id = asked.stream_id`;

/** The streams of these ids, each given once, in no particular order; one that does not exist is not among them. */
export async function consoleStreams(sql: Sql, stream_ids: readonly string[]): Promise<ConsoleStream[]> {
	return await sql.unsafe<ConsoleStream[]>(text, [[...stream_ids]], { prepare: true });
}
