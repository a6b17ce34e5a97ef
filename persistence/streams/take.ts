import type { Sql } from "../database.ts";
import { Parameters, where } from "../parameters.ts";
import { otherWays, query, queryMerged } from "../query.ts";
import type { QueueFilters, StreamRow } from "../stream-row.ts";
import { transaction } from "../transaction.ts";
import { pendingStreams } from "./queue-filter.ts";
import { type RawStreamRow, streamSelect, toStreamRow } from "./select.ts";

/** One who takes. */
export interface Taker {
	/** Streams at most. */
	limit: number;
	agent_id: string | null;
}

/** A stream as it was taken, with what its actor needs to know besides. */
export interface TakenStream {
	row: StreamRow;
	data_type: string;
	lost_count: number;
}

interface RawTakenStream extends RawStreamRow {
	data_type: string;
	lost_count: number;
	/** Whose it is: 1 is the first. */
	taker: number;
}

/** Pending, and not held back after too many lost handlers. */
const TAKEABLE = "(t.takeable_time IS NULL OR t.takeable_time <= statement_timestamp())";

/**
 * Takes the oldest pending streams: in progress, the heartbeat begins, one log record each, in one statement. SKIP LOCKED
 * lets any number of statements at it at once: a row that another one has is not waited for, so nothing is handed out twice
 * and nobody deadlocks. It does what the machine's `take` does; a test holds the two together.
 *
 * All who take by the same filters share a statement: each gets as many as its limit says, the first of them the oldest.
 * Eight statements for 50 streams each cost 65 to 75 µs of the database's processor a stream, since each steps over what the
 * others have locked; one for 400 costs 39.
 *
 * @returns for each taker the streams that it got, oldest first.
 */
export async function takeStreams(sql: Sql, filters: QueueFilters, takers: readonly Taker[]): Promise<TakenStream[][]> {
	const parameters = new Parameters();
	const { from, conditions, merged } = await pendingStreams(sql, filters, parameters);
	const limit = takers.reduce((sum, taker) => sum + taker.limit, 0);
	const pick = `
	SELECT t.stream_id, t.create_time, t.number
	FROM ${from}
	${where([...conditions, TAKEABLE])}
	ORDER BY t.create_time, t.number
	LIMIT ${parameters.add(limit, "bigint")}
	FOR UPDATE OF t SKIP LOCKED`;
	if (!merged) {
		// With filters the best plan depends on what they hold (see `query`); without any there is but one.
		const prepare = parameters.values.length === 1;
		const text = takeOf(pick, "row_number() OVER (ORDER BY create_time, number)", takers, parameters);
		return shares(await sql.unsafe(text, [...parameters.values], { prepare }), takers);
	}
	// Only what picks the streams is a merge.
	const rows = await transaction(sql, "", async (within): Promise<RawTakenStream[]> => {
		const [, picked] = await Promise.all([
			otherWays(within, "off"),
			within.unsafe<{ stream_id: string }[]>(pick, [...parameters.values], { prepare: false }),
			otherWays(within, "on"),
		]);
		if (picked.length === 0) return [];
		const these = new Parameters();
		const ids = these.addAll(
			picked.map((row) => row.stream_id),
			"uuid",
		);
		// From the list itself, whose length the planner knows.
		const locked = `SELECT stream_id, place FROM unnest(${ids}) WITH ORDINALITY p (stream_id, place)`;
		return await within.unsafe<RawTakenStream[]>(takeOf(locked, "place", takers, these), [...these.values]);
	});
	return shares(rows, takers);
}

/** The statement that takes the streams which `pick` selects, and has locked; `place` counts them, the oldest is 1. */
function takeOf(pick: string, place: string, takers: readonly Taker[], parameters: Parameters): string {
	let next = 1;
	const firsts = takers.map(({ limit }) => {
		const first = next;
		next += limit;
		return first;
	});
	const agents = parameters.addEach(
		takers.map(({ agent_id }) => agent_id),
		"text",
	);
	return `
WITH picked AS MATERIALIZED (${pick}
), dealt AS MATERIALIZED (
	-- To the first taker as many as it wants, then to the next.
	SELECT stream_id, width_bucket(${place}, ${parameters.addEach(firsts, "bigint")}) AS taker
	FROM picked
), stamp AS MATERIALIZED (
	SELECT date_trunc('milliseconds', clock_timestamp()) AS now FROM (SELECT count(*) FROM picked) c
), t AS (
	UPDATE stream_states t
	SET status = 'in_progress', run = t.run + 1, revision = t.revision + 1, agent_id = (${agents})[p.taker],
		feedback_time = stamp.now, first_feedback_time = NULL, takeable_time = NULL, preview = NULL
	FROM dealt p, stamp
	WHERE t.stream_id = p.stream_id
	RETURNING t.*, p.taker
), taken AS MATERIALIZED (
	-- Under a lock, and so as it is now: the snapshot of the statement may be older than a PUT that the row of t has seen.
	-- A key share would do for no reader: it is given on the old version of the row as well. Nobody is waited for: whoever
	-- writes a row of streams holds the lock on its row of stream_states, which is ours. Both rows in one, because a join of
	-- two CTEs is planned blindly: of 4,000 streams it took minutes.
	SELECT t.*, s.account_id, s.name, s.description, s.data_type, s.data, s.event_handler, s.policies,
		s.location
	FROM t JOIN streams s USING (stream_id)
	FOR SHARE OF s
), logged AS (
	INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
	SELECT stream_id, account_id, stamp.now, 'in_progress', version
	FROM taken, stamp
	ORDER BY taken.create_time, taken.number
)
SELECT ${streamSelect}, s.data_type, t.lost_count, t.taker
FROM taken t CROSS JOIN LATERAL (SELECT t.*) s
ORDER BY t.create_time, t.number`;
}

function shares(rows: readonly RawTakenStream[], takers: readonly Taker[]): TakenStream[][] {
	const dealt: TakenStream[][] = takers.map(() => []);
	for (const raw of rows)
		dealt[raw.taker - 1]?.push({ row: toStreamRow(raw), data_type: raw.data_type, lost_count: raw.lost_count });
	return dealt;
}

/**
 * How many streams each of these filters could take now, counted up to its `limit`: one statement for all who wait.
 * Filters that are the same should be asked once.
 */
export async function countTakeable(
	sql: Sql,
	asked: readonly { filters: QueueFilters; limit: number }[],
): Promise<number[]> {
	const parameters = new Parameters();
	const counts: string[] = [];
	let merging = false;
	for (const [index, { filters, limit }] of asked.entries()) {
		const { from, conditions, merged } = await pendingStreams(sql, filters, parameters);
		merging ||= merged;
		counts.push(`SELECT ${index} AS asked, (SELECT count(*) FROM (
			SELECT FROM ${from} ${where([...conditions, TAKEABLE])} LIMIT ${parameters.add(limit, "bigint")}
		) c)::integer AS takeable`);
	}
	const text = `${counts.join("\nUNION ALL\n")}\nORDER BY asked`;
	const rows = await (merging ? queryMerged : query)<{ takeable: number }>(sql, text, parameters);
	return rows.map((row) => row.takeable);
}
