import type { Sql } from "postgres";
import { Parameters } from "../parameters.ts";
import { query } from "../query.ts";
import type { QueueFilters } from "../stream-row.ts";

/** What to read pending streams from, and which of them. */
export interface QueuePart {
	/** `stream_states t`, joined with `streams s` where a filter needs it. */
	from: string;
	conditions: string[];
}

/** The pending streams that match the filters (contract, sections 3 and 5): AND between filters, OR inside one. */
export async function pendingStreams(sql: Sql, filters: QueueFilters, parameters: Parameters): Promise<QueuePart> {
	const conditions = ["t.status = 'pending'"];
	let from = "stream_states t";
	if (filters.stream_ids !== undefined) {
		conditions.push(`t.stream_id = ANY(${parameters.addAll(filters.stream_ids, "uuid")})`);
	}
	if (filters.names !== undefined) {
		from += " JOIN streams s ON s.stream_id = t.stream_id";
		conditions.push(`s.name = ANY(${parameters.addAll(filters.names, "text")})`);
	}
	if (filters.group_ids !== undefined) {
		const ids = await groupsOf(sql, "group_id", filters.group_ids);
		conditions.push(inGroups(parameters.addAll(ids, "uuid")));
	}
	if (filters.group_names !== undefined) {
		const ids = await groupsOf(sql, "group_name", filters.group_names);
		conditions.push(inGroups(parameters.addAll(ids, "uuid")));
	}
	return { from, conditions };
}

/** The ids of the groups that exist, asked for beforehand: the planner knows by the id whether a group is large. */
async function groupsOf(sql: Sql, column: "group_id" | "group_name", values: readonly string[]): Promise<string[]> {
	const parameters = new Parameters();
	const place = parameters.addAll(values, column === "group_id" ? "uuid" : "text");
	const text = `SELECT group_id FROM groups WHERE ${column} = ANY(${place})`;
	return (await query<{ group_id: string }>(sql, text, parameters)).map((row) => row.group_id);
}

function inGroups(ids: string): string {
	return `EXISTS (SELECT FROM stream_groups l WHERE l.stream_id = t.stream_id AND l.group_id = ANY(${ids}))`;
}
