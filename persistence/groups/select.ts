import type { Parameters } from "../parameters.ts";
import type { GroupFilters } from "../stream-row.ts";
import { timeText } from "../time-text.ts";

/** What a statement selects, with the alias `g` for `groups`, to give a `GroupRow`. */
export const groupSelect = `g.group_id, g.account_id, g.group_name, g.description, ${timeText("g.create_time")} AS create_time`;

/** The conditions of the filters on `groups g` (contract, section 3). */
export function groupConditions(filters: GroupFilters, parameters: Parameters): string[] {
	const conditions: string[] = [];
	if (filters.account_id !== undefined) {
		conditions.push(`g.account_id = ${parameters.add(filters.account_id, "uuid")}`);
	}
	if (filters.group_ids !== undefined) {
		conditions.push(`g.group_id = ANY(${parameters.addAll(filters.group_ids, "uuid")})`);
	}
	if (filters.group_names !== undefined) {
		conditions.push(`g.group_name = ANY(${parameters.addAll(filters.group_names, "text")})`);
	}
	return conditions;
}
