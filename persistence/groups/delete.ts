import type { Sql } from "postgres";
import { type Scope, scopeArrays } from "../scope.ts";
import { groupInScope } from "./select.ts";

const TEXT = `DELETE FROM groups g WHERE g.group_id = $1::uuid AND ${groupInScope(2)}`;

/**
 * Deletes the group; its streams stay (contract, section 10). Its links stay too, invisible, until `sweepLinks` finds
 * them. False when it does not exist or, with an `account_id`, is another account's, or out of scope.
 */
export async function deleteGroup(
	sql: Sql,
	group_id: string,
	account_id: string | null,
	scope?: Scope,
): Promise<boolean> {
	const { count } = await sql.unsafe(TEXT, [group_id, ...scopeArrays(scope, account_id)], { prepare: true });
	return count > 0;
}
