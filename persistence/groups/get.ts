import type { Sql } from "postgres";
import type { GroupRow } from "../stream-row.ts";
import { groupSelect } from "./select.ts";

const TEXT = `
	SELECT ${groupSelect} FROM groups g
	WHERE g.group_id = $1::uuid AND ($2::uuid IS NULL OR g.account_id = $2::uuid)`;

/** The group, or null when it does not exist or, with an `account_id`, is another account's. */
export async function getGroup(sql: Sql, group_id: string, account_id: string | null): Promise<GroupRow | null> {
	const [row] = await sql.unsafe<GroupRow[]>(TEXT, [group_id, account_id], { prepare: true });
	return row ?? null;
}
