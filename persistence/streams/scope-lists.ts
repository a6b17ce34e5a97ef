import type { Sql } from "postgres";
import { groupIdsWithin } from "../groups/within.ts";
import { accountsOf, everything, type Scope } from "../scope.ts";
import type { OrderedList } from "./ordered-list.ts";

/**
 * The lists of what is in scope, and in the account that a filter names besides; null when that is nothing. Groups are
 * looked up beforehand: the planner knows by the id whether a group is large.
 */
export async function scopeLists(
	sql: Sql,
	scope: Scope | undefined,
	account_id: string | undefined,
): Promise<OrderedList[] | null> {
	const lists: OrderedList[] = [];
	const accounts = accountsOf(scope, account_id);
	if (accounts !== null) {
		if (accounts.length === 0) return null;
		lists.push({ table: "streams", column: "account_id", type: "uuid", values: [...new Set(accounts)] });
	}
	const groups = scope?.groups ?? null;
	if (groups !== null) {
		const ids = await groupIdsWithin(sql, groups, everything);
		if (ids.length === 0) return null;
		const list: OrderedList = { table: "stream_groups", column: "group_id", type: "uuid", values: ids };
		lists.push(ids.length === 1 ? list : { ...list, shared: true });
	}
	return lists;
}
