import type { Sql } from "postgres";
import { type Scope, scopeArrays } from "../scope.ts";
import { groupInScope } from "./select.ts";

const TEXT = `UPDATE groups g SET description = $4::text WHERE g.group_id = $1::uuid AND ${groupInScope(2)}`;

/** Gives the group another description. False when it does not exist or, with an `account_id`, is another account's, or out of scope. */
export async function patchGroup(
	sql: Sql,
	group_id: string,
	description: string,
	account_id: string | null,
	scope?: Scope,
): Promise<boolean> {
	const parameters = [group_id, ...scopeArrays(scope, account_id), description];
	const { count } = await sql.unsafe(TEXT, parameters, { prepare: true });
	return count > 0;
}
