import type { Sql } from "postgres";
import type { SavedView } from "./list.ts";

/**
 * Saves a view; one of the same place and name is replaced and keeps its id. null: there are `most` already, give or take
 * those that are saved at the same moment.
 */
export async function saveView(sql: Sql, view: SavedView, most: number): Promise<SavedView | null> {
	const [saved] = await sql<SavedView[]>`
		INSERT INTO console_views (view_id, create_time, name, place, query)
		SELECT ${view.view_id}::uuid, now(), ${view.name}::text, ${view.place}::text, ${view.query}::text
		WHERE (SELECT count(*) FROM console_views) < ${most}::int
			OR EXISTS (SELECT FROM console_views v WHERE v.place = ${view.place}::text AND v.name = ${view.name}::text)
		ON CONFLICT (place, name) DO UPDATE SET query = excluded.query
		RETURNING view_id, name, place, query`;
	return saved ?? null;
}
