import type { Sql } from "postgres";

/**
 * Groups are few and their links many: the ids of linked groups are found by skipping through the index from one to the
 * next, and only what is left of a deleted group is read. Links of deleted streams are rare (a deletion removes its own;
 * what was attached while it ran remains), but finding them means a look at every link: 0.2 s for 260,000 of them.
 */
const TEXT = `
WITH RECURSIVE linked (group_id) AS (
	(SELECT group_id FROM stream_groups ORDER BY group_id LIMIT 1)
	UNION ALL
	SELECT (SELECT k.group_id FROM stream_groups k WHERE k.group_id > linked.group_id ORDER BY k.group_id LIMIT 1)
	FROM linked WHERE linked.group_id IS NOT NULL
), dead AS MATERIALIZED (
	SELECT k.group_id, k.stream_id
	FROM linked CROSS JOIN LATERAL (
		SELECT k.group_id, k.stream_id FROM stream_groups k WHERE k.group_id = linked.group_id LIMIT $1::bigint
	) k
	WHERE NOT EXISTS (SELECT FROM groups g WHERE g.group_id = linked.group_id)
	LIMIT $1::bigint
), orphaned AS MATERIALIZED (
	SELECT k.group_id, k.stream_id
	FROM stream_groups k
	WHERE NOT EXISTS (SELECT FROM streams s WHERE s.stream_id = k.stream_id)
	LIMIT $1::bigint
), swept AS MATERIALIZED (
	SELECT k.group_id, k.stream_id
	FROM stream_groups k
	JOIN (SELECT * FROM dead UNION SELECT * FROM orphaned LIMIT $1::bigint) d
		ON d.group_id = k.group_id AND d.stream_id = k.stream_id
	FOR UPDATE OF k SKIP LOCKED
)
DELETE FROM stream_groups k USING swept
WHERE k.group_id = swept.group_id AND k.stream_id = swept.stream_id`;

/**
 * Removes up to `limit` links whose group or stream is gone. Ids are never used again, so what is gone stays gone, and a
 * sweep needs no lock on it.
 *
 * @returns how many were removed; fewer than `limit` means that hardly any are left.
 */
export async function sweepLinks(sql: Sql, limit: number): Promise<number> {
	const { count } = await sql.unsafe(TEXT, [limit], { prepare: true });
	return count;
}
