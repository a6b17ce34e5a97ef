import type { Sql } from "../database.ts";

/** What a supervisor asks. Shards are numbers 0..255. */

/**
 * The streams in progress of these shards that sent no feedback for `period` seconds, longest silence first, at most
 * `limit`.
 */
export async function findSilent(
	sql: Sql,
	shards: readonly number[],
	period: number,
	limit: number,
): Promise<string[]> {
	const rows = await sql<{ stream_id: string }[]>`
		SELECT stream_id
		FROM stream_states
		WHERE status = 'in_progress' AND shard = ANY (${[...shards]}::smallint[])
			AND feedback_time < statement_timestamp() - make_interval(secs => ${period})
		ORDER BY feedback_time
		LIMIT ${limit}`;
	return rows.map((row) => row.stream_id);
}

/** The failed streams of these shards whose restart is due, oldest first, at most `limit`. */
export async function findDue(sql: Sql, shards: readonly number[], limit: number): Promise<string[]> {
	const rows = await sql<{ stream_id: string }[]>`
		SELECT stream_id
		FROM stream_states
		WHERE restart_time <= statement_timestamp() AND shard = ANY (${[...shards]}::smallint[])
		ORDER BY restart_time
		LIMIT ${limit}`;
	return rows.map((row) => row.stream_id);
}

export interface Watch {
	/** Seconds without feedback after which a stream is silent. */
	period: number;
	/** Seconds between two looks. */
	interval: number;
	/** The first look of the first node: nobody watched before it, whatever the row says. */
	first: boolean;
	/** The first look since this node found the database again: what has passed since the last one is not all watched time. */
	away?: boolean;
}

/**
 * Says that somebody watches, and answers whether streams have their grace: for one period after nobody could watch
 * (the database was away, no node ran), since their agents could not report. Seconds of grace are counted, and short of
 * two periods of them it is over: the look that finds this out may itself be some intervals late, and restarts in a row
 * must never keep a silent stream for longer than three periods. While the database was away nobody was kept: of such a
 * gap one interval counts, in which it may still have been there.
 */
export async function watch(sql: Sql, { period, interval, first, away = false }: Watch): Promise<boolean> {
	const [row] = await sql<{ grace: boolean }[]>`
		WITH seen AS MATERIALIZED (
			SELECT s.*, statement_timestamp() AS now,
				${first || away} OR statement_timestamp() - s.seen_time > make_interval(secs => ${3 * interval + 1}) AS unwatched
			FROM supervision s
			FOR UPDATE
		), counted AS MATERIALIZED (
			SELECT seen.*,
				CASE
					WHEN unwatched AND seen_time < grace_time THEN grace_spent
						+ least(extract(epoch FROM now - seen_time), ${away ? interval : 3 * interval + 1})
					WHEN unwatched THEN 0
					WHEN now < grace_time + make_interval(secs => ${interval}) AND grace_time <> '-infinity' THEN grace_spent
						+ extract(epoch FROM now - seen_time)
					ELSE 0
				END AS spent
			FROM seen
		)
		UPDATE supervision s
		SET seen_time = c.now,
			grace_spent = c.spent,
			grace_time = CASE
				WHEN c.spent >= ${Math.max(2 * period - 3 * interval, period)} THEN c.now
				WHEN c.unwatched THEN c.now + make_interval(secs => ${period})
				ELSE c.grace_time
			END
		FROM counted c
		RETURNING s.grace_time > c.now AS grace`;
	return row?.grace ?? true;
}
