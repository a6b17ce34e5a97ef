import type { Sql } from "postgres";
import type { StreamStatus } from "../stream-row.ts";

/** What a frozen set of streams looks like now. */
export interface SetDescription {
	counts: Map<StreamStatus, number>;
	/** Names of the first ten, in the order given. */
	names: string[];
}

const text = `
	SELECT (
		SELECT coalesce(json_object_agg(c.status, c.count), '{}') FROM (
			SELECT t.status, count(*) FROM stream_states t WHERE t.stream_id = ANY($1::uuid[]) GROUP BY t.status
		) c
	) AS counts, ARRAY(
		SELECT s.name FROM unnest(($1::uuid[])[1:10]) WITH ORDINALITY asked (stream_id, place)
		JOIN streams s ON s.stream_id = asked.stream_id
		ORDER BY asked.place
	) AS names`;

/** Counts the streams of these ids by status, and names the first of them. */
export async function describeSet(sql: Sql, stream_ids: readonly string[]): Promise<SetDescription> {
	const [row] = await sql.unsafe<[{ counts: Partial<Record<StreamStatus, number>>; names: string[] }]>(
		text,
		[[...stream_ids]],
		{ prepare: true },
	);
	return { counts: new Map(Object.entries(row.counts) as [StreamStatus, number][]), names: row.names };
}
