import type { Sql } from "postgres";
import type { StreamRow } from "../stream-row.ts";
import { type RawStreamRow, streamSelect, toStreamRow } from "./select.ts";

const text = `
	SELECT ${streamSelect}
	FROM unnest($1::uuid[]) asked (stream_id)
	JOIN streams s ON s.stream_id = asked.stream_id
	JOIN stream_states t ON t.stream_id = asked.stream_id`;

/** The streams of these ids, many at once, in no particular order; an id that does not exist is not among them. */
export async function getStreams(sql: Sql, stream_ids: readonly string[]): Promise<StreamRow[]> {
	const rows = await sql.unsafe<RawStreamRow[]>(text, [[...new Set(stream_ids)]], { prepare: true });
	return rows.map(toStreamRow);
}
