import type { Sql } from "../database.ts";
import { holds, type Scope } from "../scope.ts";

const TEXT = `
	SELECT group_id, group_name FROM groups
	WHERE group_name = ANY ($1::text[]) AND ($2::uuid[] IS NULL OR account_id = ANY ($2::uuid[]))`;

/** Those of the groups of these names that exist and are within the scope. */
export async function groupsWithin(
	sql: Sql,
	names: readonly string[],
	{ accounts, groups }: Scope,
): Promise<{ group_id: string; group_name: string }[]> {
	const asked = groups === null ? [...names] : names.filter((name) => holds(groups, name));
	if (asked.length === 0) return [];
	return await sql.unsafe<{ group_id: string; group_name: string }[]>(TEXT, [asked, accounts && [...accounts]], {
		prepare: true,
	});
}

/** Their ids alone, asked for before a statement that needs them: the planner knows by the id whether a group is large. */
export async function groupIdsWithin(sql: Sql, names: readonly string[], scope: Scope): Promise<string[]> {
	return (await groupsWithin(sql, names, scope)).map(({ group_id }) => group_id);
}
