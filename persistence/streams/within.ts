import type { Sql } from "../database.ts";
import { type Scope, scopeArrays } from "../scope.ts";

const TEXT = `
	SELECT s.stream_id FROM streams s
	WHERE s.stream_id = ANY ($1::uuid[])
		AND ($2::uuid[] IS NULL OR s.account_id = ANY ($2::uuid[]))
		AND ($3::text[] IS NULL OR EXISTS (
			SELECT FROM stream_groups k JOIN groups g ON g.group_id = k.group_id
			WHERE k.stream_id = s.stream_id AND g.group_name = ANY ($3::text[])
		))`;

/** Those of the streams that are within the scope. */
export async function streamsWithin(sql: Sql, stream_ids: readonly string[], scope: Scope): Promise<Set<string>> {
	const parameters = [[...new Set(stream_ids)], ...scopeArrays(scope, null)];
	const rows = await sql.unsafe<{ stream_id: string }[]>(TEXT, parameters, { prepare: true });
	return new Set(rows.map((row) => row.stream_id));
}
