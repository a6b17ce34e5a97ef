import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { GroupFilters } from "../stream-row.ts";
import { groupConditions } from "./select.ts";

/** How many groups match. */
export async function countGroups(sql: Sql, filters: GroupFilters): Promise<number> {
	const parameters = new Parameters();
	const text = `SELECT count(*) FROM groups g ${where(groupConditions(filters, parameters))}`;
	const [row] = await query<{ count: string }>(sql, text, parameters);
	return Number(row?.count);
}
