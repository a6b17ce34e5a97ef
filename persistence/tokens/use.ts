import type { Sql } from "../database.ts";

/** A token that was used so many seconds ago. */
export interface TokenUse {
	token_id: string;
	age: number;
}

const TEXT = `
	UPDATE tokens t
	SET use_time = greatest(t.use_time, date_trunc('milliseconds', statement_timestamp() - make_interval(secs => u.age)))
	FROM json_to_recordset($1::text::json) AS u(token_id uuid, age double precision)
	WHERE t.token_id = u.token_id`;

/** Writes down when tokens were last used, many at once. */
export async function noteUses(sql: Sql, uses: readonly TokenUse[]): Promise<void> {
	await sql.unsafe(TEXT, [JSON.stringify(uses)], { prepare: true });
}
