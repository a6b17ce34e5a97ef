import type { Parameters } from "../parameters.ts";
import { accountsOf } from "../scope.ts";
import type { GroupFilters } from "../stream-row.ts";
import { timeText } from "../time-text.ts";

/** What a statement selects, with the alias `g` for `groups`, to give a `GroupRow`. */
export const groupSelect = `g.group_id, g.account_id, g.group_name, g.description, ${timeText("g.create_time")} AS create_time`;

/** The conditions of the filters on `groups g` (contract, section 3). */
export function groupConditions(filters: GroupFilters, parameters: Parameters): string[] {
	const conditions: string[] = [];
	const accounts = accountsOf(filters.scope, filters.account_id);
	const [account] = accounts ?? [];
	if (accounts?.length === 1 && account !== undefined) {
		conditions.push(`g.account_id = ${parameters.add(account, "uuid")}`);
	} else if (accounts !== null) {
		conditions.push(`g.account_id = ANY(${parameters.addAll(accounts, "uuid")})`);
	}
	const names = filters.scope?.groups ?? null;
	if (names !== null) conditions.push(`g.group_name = ANY(${parameters.addAll(names, "text")})`);
	if (filters.group_ids !== undefined) {
		conditions.push(`g.group_id = ANY(${parameters.addAll(filters.group_ids, "uuid")})`);
	}
	if (filters.group_names !== undefined) {
		conditions.push(`g.group_name = ANY(${parameters.addAll(filters.group_names, "text")})`);
	}
	return conditions;
}

/** The condition that `groups g` is within a scope, whose `scopeArrays` stand at this place and the next one. */
export function groupInScope(place: number): string {
	return `($${place}::uuid[] IS NULL OR g.account_id = ANY ($${place}::uuid[]))
		AND ($${place + 1}::text[] IS NULL OR g.group_name = ANY ($${place + 1}::text[]))`;
}
