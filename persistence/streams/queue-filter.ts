import type { Sql } from "postgres";
import { Parameters } from "../parameters.ts";
import { query } from "../query.ts";
import type { QueueFilters } from "../stream-row.ts";
import { commonSpans, listCondition, type OrderedList, spanConditions } from "./ordered-list.ts";
import { scopeLists } from "./scope-lists.ts";

/** What to read pending streams from, and which of them. */
export interface QueuePart {
	/** `stream_states t`, joined with the ordered lists of the filters. */
	from: string;
	conditions: string[];
}

/** The pending streams that match the filters (contract, sections 3 and 5): AND between filters, OR inside one. */
export async function pendingStreams(sql: Sql, filters: QueueFilters, parameters: Parameters): Promise<QueuePart> {
	const conditions = ["t.status = 'pending'"];
	const from = ["stream_states t"];
	if (filters.stream_ids !== undefined) {
		conditions.push(`t.stream_id = ANY(${parameters.addAll(filters.stream_ids, "uuid")})`);
	}
	const lists: OrderedList[] = [];
	if (filters.names !== undefined) {
		lists.push({ table: "streams", column: "name", type: "text", values: [...new Set(filters.names)] });
	}
	for (const [column, values] of [
		["group_id", filters.group_ids],
		["group_name", filters.group_names],
	] as const) {
		if (values === undefined) continue;
		const ids = await groupsOf(sql, column, values);
		lists.push({ table: "stream_groups", column: "group_id", type: "uuid", values: ids });
	}
	const scoped = await scopeLists(sql, filters.scope, undefined);
	if (scoped === null) return { from: from.join(", "), conditions: [...conditions, "false"] };
	lists.push(...scoped);
	for (const [place, list] of lists.entries()) {
		const alias = `l${place}`;
		const same = [`${alias}.create_time = t.create_time`, `${alias}.number = t.number`];
		const condition = listCondition(alias, list, parameters);
		if (list.column === "group_id" && list.values.length > 1) {
			// A stream may be in several of them.
			conditions.push(`EXISTS (SELECT FROM ${list.table} ${alias} WHERE ${[condition, ...same].join(" AND ")})`);
		} else {
			from.push(`${list.table} ${alias}`);
			conditions.push(condition, ...same);
		}
	}
	if (lists.length > 0 && filters.stream_ids === undefined) {
		const pending: OrderedList = { table: "stream_states", column: "status", type: "text", values: ["pending"] };
		const [span] = await commonSpans(sql, [[pending, ...lists]]);
		// Asked for beforehand, the ends may have moved meanwhile: they only leave out what came to be pending just now.
		conditions.push(...(!span ? ["false"] : spanConditions("t", span, parameters)));
	}
	return { from: from.join(", "), conditions };
}

/** The ids of the groups that exist, asked for beforehand: the planner knows by the id whether a group is large. */
async function groupsOf(sql: Sql, column: "group_id" | "group_name", values: readonly string[]): Promise<string[]> {
	const parameters = new Parameters();
	const place = parameters.addAll(values, column === "group_id" ? "uuid" : "text");
	const text = `SELECT group_id FROM groups WHERE ${column} = ANY(${place})`;
	return (await query<{ group_id: string }>(sql, text, parameters)).map((row) => row.group_id);
}
