import type { Sql } from "postgres";
import { Fault } from "../fault.ts";
import type { GroupRow } from "../stream-row.ts";
import { groupSelect } from "./select.ts";

const TEXT = `
	INSERT INTO groups AS g (group_id, create_time, account_id, group_name, description)
	VALUES (gen_random_uuid(), date_trunc('milliseconds', statement_timestamp()), $1::uuid, $2::text, $3::text)
	ON CONFLICT (group_name) DO NOTHING
	RETURNING ${groupSelect}`;

/** Creates a group. Throws Fault 39006 when there is one of this name, of whatever account. */
export async function createGroup(
	sql: Sql,
	group: { account_id: string; group_name: string; description: string },
): Promise<GroupRow> {
	const [row] = await sql.unsafe<GroupRow[]>(TEXT, [group.account_id, group.group_name, group.description], {
		prepare: true,
	});
	if (row === undefined) throw new Fault(39006, { name: group.group_name });
	return row;
}
