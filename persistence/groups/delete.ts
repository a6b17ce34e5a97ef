import type { Sql } from "postgres";

/**
 * Deletes the group; its streams stay (contract, section 10). Its links stay too, invisible, until `sweepLinks` finds
 * them. False when it does not exist or, with an `account_id`, is another account's.
 */
export async function deleteGroup(sql: Sql, group_id: string, account_id: string | null): Promise<boolean> {
	const { count } = await sql`
		DELETE FROM groups
		WHERE group_id = ${group_id}::uuid AND (${account_id}::uuid IS NULL OR account_id = ${account_id}::uuid)`;
	return count > 0;
}
