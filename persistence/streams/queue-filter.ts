import type { Sql } from "postgres";
import { groupIdsWithin } from "../groups/within.ts";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import { everything, type Scope } from "../scope.ts";
import type { QueueFilters } from "../stream-row.ts";
import { byTable, intersection, isIn, merge } from "./intersection.ts";
import { meetings } from "./meeting.ts";
import { gathered, type OrderedList, spanConditions } from "./ordered-list.ts";
import { scopeLists } from "./scope-lists.ts";

/** What to read pending streams from, and which of them. */
export interface QueuePart {
	/** `stream_states t`, joined with the ordered lists of the filters. */
	from: string;
	conditions: string[];
	/** The lists have to be merged: a statement that says this goes through `queryMerged`. */
	merged: boolean;
}

const PENDING: OrderedList = { table: "stream_states", column: "status", type: "text", values: ["pending"] };

/**
 * The pending streams that match the filters (contract, sections 3 and 5): AND between filters, OR inside one. Their
 * order is that of the lists, so they are joined as `intersection` does it; but what is pending stays the table itself,
 * whose rows are locked. A short list therefore gives its pending streams by their ids.
 */
export async function pendingStreams(sql: Sql, filters: QueueFilters, parameters: Parameters): Promise<QueuePart> {
	const conditions = ["t.status = 'pending'"];
	const table = "stream_states t";
	const lists: OrderedList[] = [];
	if (filters.names !== undefined) {
		lists.push({ table: "streams", column: "name", type: "text", values: [...new Set(filters.names)] });
	}
	const { group_ids, group_names, scope = everything } = filters;
	for (const ids of [
		group_ids && (await groupsOf(sql, group_ids, scope)),
		group_names && (await groupIdsWithin(sql, group_names, scope)),
	]) {
		if (ids !== undefined)
			lists.push({ table: "stream_groups", column: "group_id", type: "uuid", values: ids, shared: true });
	}
	const scoped = await scopeLists(sql, filters.scope, undefined);
	if (scoped === null) return { from: table, conditions: ["false"], merged: false };
	lists.push(...scoped.map((list) => (list.table === "stream_groups" ? { ...list, shared: true as const } : list)));
	const members = byTable(lists);
	if (filters.stream_ids !== undefined) {
		conditions.push(`t.stream_id = ANY(${parameters.addAll(filters.stream_ids, "uuid")})`);
		conditions.push(...members.map((member) => isIn("t", member, parameters)));
		return { from: table, conditions, merged: false };
	}
	if (lists.length === 0) return { from: table, conditions, merged: false };
	const [meeting] = await meetings(sql, [[PENDING, ...lists]]);
	if (!meeting) return { from: table, conditions: ["false"], merged: false };
	// Asked for beforehand, the ends may have moved meanwhile: they only leave out what came to be pending just now.
	const within = () => spanConditions("t", meeting.span, parameters);
	if (meeting.short === undefined) {
		const beside = merge("t", byTable(gathered(lists)), meeting.span, parameters);
		return {
			from: [table, ...beside.from].join(", "),
			conditions: [...conditions, ...within(), ...beside.conditions],
			merged: true,
		};
	}
	if (meeting.short === PENDING) {
		conditions.push(...within(), ...members.map((member) => isIn("t", member, parameters)));
		return { from: table, conditions, merged: false };
	}
	const met = intersection(lists, meeting, {}, parameters);
	conditions.push(`t.stream_id = ANY(ARRAY(
		SELECT x.stream_id FROM (SELECT l0.create_time, l0.number ${met.text}) l CROSS JOIN LATERAL (
			SELECT x.stream_id FROM stream_states x
			WHERE x.status = 'pending' AND x.create_time = l.create_time AND x.number = l.number OFFSET 0
		) x))`);
	return { from: table, conditions, merged: false };
}

/** Those of the groups that exist and are within the scope, asked for beforehand: the planner knows by the id whether a group is large. */
async function groupsOf(sql: Sql, ids: readonly string[], { accounts, groups }: Scope): Promise<string[]> {
	const parameters = new Parameters();
	const conditions = [`group_id = ANY(${parameters.addAll(ids, "uuid")})`];
	if (accounts !== null) conditions.push(`account_id = ANY(${parameters.addAll(accounts, "uuid")})`);
	if (groups !== null) conditions.push(`group_name = ANY(${parameters.addAll(groups, "text")})`);
	const text = `SELECT group_id FROM groups ${where(conditions)}`;
	return (await query<{ group_id: string }>(sql, text, parameters)).map((row) => row.group_id);
}
