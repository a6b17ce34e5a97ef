import type { Sql } from "postgres";
import type { SavedView } from "./list.ts";

/** How many views there may be: of one scope, and of all together. */
export interface ViewBounds {
	ofScope: number;
	all: number;
}

/**
 * Saves a view of a scope; one of the same place and name is replaced and keeps its id. null: there are as many already as
 * there may be, give or take those that are saved at the same moment.
 */
export async function saveView(sql: Sql, view: SavedView, scope: string, most: ViewBounds): Promise<SavedView | null> {
	const [saved] = await sql<SavedView[]>`
		INSERT INTO console_views (view_id, create_time, name, place, query, scope)
		SELECT ${view.view_id}::uuid, now(), ${view.name}::text, ${view.place}::text, ${view.query}::text, ${scope}::text
		WHERE (SELECT count(*) < ${most.all}::int AND count(*) FILTER (WHERE scope = ${scope}::text) < ${most.ofScope}::int
				FROM console_views)
			OR EXISTS (SELECT FROM console_views v
				WHERE v.scope = ${scope}::text AND v.place = ${view.place}::text AND v.name = ${view.name}::text)
		ON CONFLICT (scope, place, name) DO UPDATE SET query = excluded.query
		RETURNING view_id, name, place, query`;
	return saved ?? null;
}
