import type { Sql } from "postgres";

/** Removes a saved view of a scope. Answers whether there was one. */
export async function deleteView(sql: Sql, view_id: string, scope: string): Promise<boolean> {
	const gone = await sql`
		DELETE FROM console_views WHERE view_id = ${view_id}::uuid AND scope = ${scope} RETURNING view_id`;
	return gone.length > 0;
}
