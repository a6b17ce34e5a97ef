import type { Sql } from "../database.ts";
import type { QueueFilters, StreamRow } from "../stream-row.ts";
import { type RawStreamRow, streamSelect, toStreamRow } from "./select.ts";

export interface Take {
	filters: QueueFilters;
	limit: number;
	agent_id: string | null;
}

/** One condition a filter, so that a text has an index for what it asks; there are sixteen texts at most. */
const CONDITIONS = {
	stream_ids: (n: number) => `AND t.stream_id = ANY ($${n}::uuid[])`,
	names: (n: number) =>
		`AND EXISTS (SELECT 1 FROM streams s WHERE s.stream_id = t.stream_id AND s.name = ANY ($${n}::text[]))`,
	group_ids: (n: number) =>
		`AND EXISTS (SELECT 1 FROM stream_groups l JOIN groups g USING (group_id)
			WHERE l.stream_id = t.stream_id AND g.group_id = ANY ($${n}::uuid[]))`,
	group_names: (n: number) =>
		`AND EXISTS (SELECT 1 FROM stream_groups l JOIN groups g USING (group_id)
			WHERE l.stream_id = t.stream_id AND g.group_name = ANY ($${n}::text[]))`,
} as const;

const FILTERS = ["stream_ids", "names", "group_ids", "group_names"] as const;

/** What may be taken: pending, and not held back. */
function takeable(filters: QueueFilters, firstParameter: number): { text: string; values: string[][] } {
	const values: string[][] = [];
	const conditions: string[] = [];
	for (const name of FILTERS) {
		const value = filters[name];
		if (value === undefined) continue;
		conditions.push(CONDITIONS[name](firstParameter + values.length));
		values.push(value);
	}
	return {
		text: `t.status = 'pending' AND (t.takeable_time IS NULL OR t.takeable_time <= statement_timestamp())
		${conditions.join("\n\t\t")}`,
		values,
	};
}

/**
 * Takes the oldest pending streams: in progress, the heartbeat begins, one log record each, in one statement. SKIP LOCKED
 * lets any number of takers at it at once: a row that another one has is not waited for, so nothing is handed out twice
 * and nobody deadlocks. It does what the machine's `take` does; a test holds the two together.
 */
export async function takeStreams(sql: Sql, { filters, limit, agent_id }: Take): Promise<StreamRow[]> {
	const { text, values } = takeable(filters, 3);
	const rows = await sql.unsafe<RawStreamRow[]>(
		`
WITH picked AS MATERIALIZED (
	SELECT t.stream_id
	FROM stream_states t
	WHERE ${text}
	ORDER BY t.create_time, t.number
	LIMIT $1::integer
	FOR UPDATE OF t SKIP LOCKED
), stamp AS MATERIALIZED (
	SELECT date_trunc('milliseconds', clock_timestamp()) AS now FROM (SELECT count(*) FROM picked) c
), t AS (
	UPDATE stream_states t
	SET status = 'in_progress', run = t.run + 1, revision = t.revision + 1, agent_id = $2::text,
		feedback_time = stamp.now, first_feedback_time = NULL, takeable_time = NULL, preview = NULL
	FROM picked p, stamp
	WHERE t.stream_id = p.stream_id
	RETURNING t.*
), logged AS (
	INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
	SELECT t.stream_id, s.account_id, stamp.now, 'in_progress', t.version
	FROM t JOIN streams s USING (stream_id), stamp
	ORDER BY t.create_time, t.number
)
SELECT ${streamSelect}
FROM t JOIN streams s USING (stream_id)
ORDER BY t.create_time, t.number`,
		[limit, agent_id, ...values],
		{ prepare: true },
	);
	return rows.map(toStreamRow);
}

/**
 * How many streams each of these filters could take now, counted up to its `limit`: one statement for all who wait.
 * Filters that are the same should be asked once.
 */
export async function countTakeable(
	sql: Sql,
	asked: readonly { filters: QueueFilters; limit: number }[],
): Promise<number[]> {
	const values: (string[] | number)[] = [];
	const counts = asked.map(({ filters, limit }, index) => {
		const condition = takeable(filters, values.length + 1);
		values.push(...condition.values, limit);
		return `SELECT ${index} AS asked,
	(SELECT count(*) FROM (SELECT 1 FROM stream_states t WHERE ${condition.text} LIMIT $${values.length}::integer) c)::integer AS takeable`;
	});
	const rows = await sql.unsafe<{ takeable: number }[]>(`${counts.join("\nUNION ALL\n")}\nORDER BY asked`, values, {
		// The text differs with every mixture of waiters; preparing them all would fill the connection's memory.
		prepare: asked.length === 1,
	});
	return rows.map((row) => row.takeable);
}
