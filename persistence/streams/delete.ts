import type { Sql } from "../database.ts";
import { scopeArrays } from "../scope.ts";
import { isCollision } from "../sql-state.ts";
import type { Seen } from "../stream-row.ts";

/** What is gone: for the log of events. */
export interface DeletedStream {
	stream_id: string;
	account_id: string;
	version: number;
	revision: number;
}

export interface DeleteFilter extends Seen {
	stream_ids: readonly string[];
	names: readonly string[];
	/** null: of any account. */
	account_id: string | null;
	/** Only streams with a number up to this: those created while a long deletion runs stay. */
	upTo: number;
}

/** Streams that one statement deletes at most. */
export const DELETE_BATCH = 1_000;

const TEXT = `
WITH wanted AS MATERIALIZED (
	SELECT s.stream_id, s.account_id, t.revision
	FROM streams s JOIN stream_states t USING (stream_id)
	WHERE (s.stream_id = ANY ($1::uuid[]) OR s.name = ANY ($2::text[]))
		AND ($3::uuid[] IS NULL OR s.account_id = ANY ($3::uuid[]))
		AND s.number <= $4::float8::bigint
		AND ($5::text[] IS NULL OR EXISTS (
			SELECT FROM stream_groups k JOIN groups g ON g.group_id = k.group_id
			WHERE k.stream_id = s.stream_id AND g.group_name = ANY ($5::text[])
		))
	LIMIT ${DELETE_BATCH}
), locked AS MATERIALIZED (
	SELECT t.stream_id, t.version, t.revision, w.account_id, w.revision AS wanted_revision
	FROM stream_states t JOIN wanted w USING (stream_id)
	ORDER BY t.stream_id
	FOR UPDATE OF t
), doomed AS MATERIALIZED (
	-- Changed since it was found: it may have another account or name now, and is looked at again.
	SELECT * FROM locked WHERE revision = wanted_revision
), stamp AS MATERIALIZED (
	SELECT date_trunc('milliseconds', clock_timestamp()) AS now FROM (SELECT count(*) FROM locked) c
), stateless AS (
	DELETE FROM stream_states t USING doomed d WHERE t.stream_id = d.stream_id
), gone AS (
	DELETE FROM streams s USING doomed d WHERE s.stream_id = d.stream_id
), unlinked AS (
	DELETE FROM stream_groups g USING doomed d WHERE g.stream_id = d.stream_id
), logged AS (
	INSERT INTO stream_logs (stream_id, account_id, log_time, status, version)
	SELECT d.stream_id, d.account_id, stamp.now, 'deleted', d.version FROM doomed d, stamp
)
SELECT w.stream_id, w.account_id, d.version, d.revision::float8 AS revision
FROM wanted w LEFT JOIN doomed d USING (stream_id)`;

/**
 * Deletes up to 1,000 of the matching streams, all or nothing, each with its `deleted` record; their logs stay.
 * `again` is true while there may be more to delete.
 */
export async function deleteStreams(
	sql: Sql,
	filter: DeleteFilter,
): Promise<{ deleted: DeletedStream[]; again: boolean }> {
	const [accounts, groups] = scopeArrays(filter.scope, filter.account_id);
	const rows = await sql.unsafe<(Omit<DeletedStream, "version"> & { version: number | null })[]>(
		TEXT,
		[[...filter.stream_ids], [...filter.names], accounts, filter.upTo, groups],
		{ prepare: true },
	);
	const deleted: DeletedStream[] = [];
	for (const row of rows) if (row.version !== null) deleted.push({ ...row, version: row.version });
	if (deleted.length > 0) await unlinkLate(sql, deleted);
	return { deleted, again: rows.length === DELETE_BATCH || deleted.length < rows.length };
}

/**
 * A link that was attached while the deletion waited for its lock is not in the deletion's snapshot. It goes before the
 * deletion is answered, so that who counts a group need not look whether its streams exist.
 */
async function unlinkLate(sql: Sql, deleted: readonly DeletedStream[]): Promise<void> {
	const ids = deleted.map((stream) => stream.stream_id);
	try {
		await sql`DELETE FROM stream_groups WHERE stream_id = ANY (${ids}::uuid[])`;
	} catch (error) {
		// Trying again would begin with the deletion, which is done and must be told; the sweep finds the link.
		if (!isCollision(error)) throw error;
	}
}

/** The newest number that a stream has been given. */
export async function newestNumber(sql: Sql): Promise<number> {
	const [row] = await sql<{ number: number }[]>`select last_value::float8 as number from stream_number`;
	return row?.number ?? 0;
}
