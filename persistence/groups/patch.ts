import type { Sql } from "postgres";

/** Gives the group another description. False when it does not exist or, with an `account_id`, is another account's. */
export async function patchGroup(
	sql: Sql,
	group_id: string,
	description: string,
	account_id: string | null,
): Promise<boolean> {
	const { count } = await sql`
		UPDATE groups SET description = ${description}::text
		WHERE group_id = ${group_id}::uuid AND (${account_id}::uuid IS NULL OR account_id = ${account_id}::uuid)`;
	return count > 0;
}
