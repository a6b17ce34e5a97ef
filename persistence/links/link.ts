import type { Sql } from "postgres";
import { Fault } from "../fault.ts";
import { scopeArrays } from "../scope.ts";
import type { Seen } from "../stream-row.ts";

export interface Link extends Seen {
	group_id: string;
	/** 1..1,000 of them; repetitions do no harm. */
	stream_ids: readonly string[];
	/** Restricts the group and the streams to this account; null: of any. */
	account_id: string | null;
}

/**
 * The part that attaching and detaching share: lock the group and the streams, and find the first unknown id.
 *
 * Streams are locked in stream_id order, in `streams` and not in `stream_states`: only a deletion conflicts with this
 * lock, while a take skips, and feedback waits for, whatever is locked in `stream_states`. Who is deleted meanwhile
 * is unknown; who is deleted later leaves a link that `sweepLinks` finds.
 */
const CHECKED = `
WITH asked AS MATERIALIZED (
	SELECT a.stream_id, min(a.place) AS place
	FROM unnest($2::uuid[]) WITH ORDINALITY a (stream_id, place)
	GROUP BY a.stream_id
), chosen AS MATERIALIZED (
	SELECT g.group_id FROM groups g
	WHERE g.group_id = $1::uuid AND ($3::uuid[] IS NULL OR g.account_id = ANY ($3::uuid[]))
		AND ($4::text[] IS NULL OR g.group_name = ANY ($4::text[]))
	FOR KEY SHARE
), locked AS MATERIALIZED (
	SELECT s.stream_id, s.create_time, s.number, s.account_id, s.name FROM streams s
	WHERE s.stream_id = ANY($2::uuid[]) AND ($3::uuid[] IS NULL OR s.account_id = ANY ($3::uuid[]))
		AND ($4::text[] IS NULL OR EXISTS (
			SELECT FROM stream_groups k JOIN groups g ON g.group_id = k.group_id
			WHERE k.stream_id = s.stream_id AND g.group_name = ANY ($4::text[])
		))
	ORDER BY s.stream_id
	FOR KEY SHARE
), unknown AS MATERIALIZED (
	SELECT a.stream_id FROM asked a
	WHERE NOT EXISTS (SELECT FROM locked l WHERE l.stream_id = a.stream_id)
	ORDER BY a.place LIMIT 1
)`;

const RESULT = `
SELECT EXISTS (SELECT FROM chosen) AS known, (SELECT stream_id FROM unknown) AS unknown,
	ARRAY(SELECT stream_id FROM changed) AS changed`;

const ATTACH = `${CHECKED}, changed AS (
	INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
	SELECT l.stream_id, c.group_id, l.create_time, l.number, l.account_id, l.name FROM chosen c, locked l
	WHERE NOT EXISTS (SELECT FROM unknown)
	ORDER BY l.stream_id
	ON CONFLICT DO NOTHING
	RETURNING stream_id
) ${RESULT}`;

const DETACH = `${CHECKED}, links AS MATERIALIZED (
	-- In the same order as the attaching insert meets them, so that the two never wait for each other in a circle.
	SELECT k.group_id, k.stream_id
	FROM stream_groups k JOIN chosen c ON c.group_id = k.group_id JOIN locked l ON l.stream_id = k.stream_id
	WHERE NOT EXISTS (SELECT FROM unknown)
	ORDER BY k.stream_id
	FOR UPDATE OF k
), changed AS (
	DELETE FROM stream_groups k USING links
	WHERE k.group_id = links.group_id AND k.stream_id = links.stream_id
	RETURNING k.stream_id
) ${RESULT}`;

/**
 * Links all of the streams to the group, or none; those that are linked stay so (contract, section 10). Throws Fault
 * 39008 for an unknown group, then 39001 for the first unknown stream in the order given.
 *
 * @returns the ids of the streams that were not linked before.
 */
export function attach(sql: Sql, link: Link): Promise<string[]> {
	return run(sql, ATTACH, link);
}

/**
 * Unlinks all of the streams from the group, or none; those that are not linked stay so. Throws what `attach` throws.
 *
 * @returns the ids of the streams that were linked before.
 */
export function detach(sql: Sql, link: Link): Promise<string[]> {
	return run(sql, DETACH, link);
}

async function run(sql: Sql, text: string, { group_id, stream_ids, account_id, scope }: Link): Promise<string[]> {
	const [row] = await sql.unsafe<[{ known: boolean; unknown: string | null; changed: string[] }]>(
		text,
		[group_id, [...stream_ids], ...scopeArrays(scope, account_id)],
		{ prepare: true },
	);
	if (!row.known) throw new Fault(39008, { id: group_id });
	if (row.unknown !== null) throw new Fault(39001, { id: row.unknown });
	return row.changed;
}
