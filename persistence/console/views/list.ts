import type { Sql } from "postgres";

/** A view that operators saved. */
export interface SavedView {
	view_id: string;
	name: string;
	/** A place of the page, and what its address says after it. */
	place: string;
	query: string;
}

/** All saved views of a scope, by place and name. */
export async function savedViews(sql: Sql, scope: string): Promise<SavedView[]> {
	return await sql<SavedView[]>`
		SELECT view_id, name, place, query FROM console_views WHERE scope = ${scope} ORDER BY place, name COLLATE "C"`;
}
