import type { Sql } from "postgres";
import { type Scope, scopeArrays } from "../scope.ts";
import type { GroupRow } from "../stream-row.ts";
import { groupInScope, groupSelect } from "./select.ts";

const TEXT = `
	SELECT ${groupSelect} FROM groups g
	WHERE g.group_id = $1::uuid AND ${groupInScope(2)}`;

/** The group, or null when it does not exist or, with an `account_id`, is another account's, or out of scope. */
export async function getGroup(
	sql: Sql,
	group_id: string,
	account_id: string | null,
	scope?: Scope,
): Promise<GroupRow | null> {
	const parameters = [group_id, ...scopeArrays(scope, account_id)];
	const [row] = await sql.unsafe<GroupRow[]>(TEXT, parameters, { prepare: true });
	return row ?? null;
}
