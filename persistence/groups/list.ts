import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { GroupFilters, GroupRow, Page } from "../stream-row.ts";
import { groupConditions, groupSelect } from "./select.ts";

/** A page of the groups that match, oldest first by (create_time, number); contract, sections 2 and 3. */
export async function listGroups(sql: Sql, filters: GroupFilters, page: Page): Promise<GroupRow[]> {
	const parameters = new Parameters();
	const size = parameters.add(page.page_size, "bigint");
	const offset = parameters.add((page.page - 1) * page.page_size, "bigint");
	return query<GroupRow>(
		sql,
		`SELECT ${groupSelect} FROM groups g ${where(groupConditions(filters, parameters))}
		ORDER BY g.create_time, g.number LIMIT ${size} OFFSET ${offset}`,
		parameters,
	);
}
