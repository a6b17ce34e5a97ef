import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { QueueFilters, StreamRow } from "../stream-row.ts";
import { type RawStreamRow, streamSelect, toStreamRow } from "./select.ts";

/**
 * The first `limit` pending streams that match, oldest first by (create_time, number), taking nothing; contract, section
 * 5. Streams that are held back after many lost handlers are pending and among them.
 */
export async function lookQueue(sql: Sql, filters: QueueFilters, limit: number): Promise<StreamRow[]> {
	const parameters = new Parameters();
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
	const rows = await query<RawStreamRow>(
		sql,
		`WITH hits AS MATERIALIZED (
			SELECT t.stream_id FROM ${from} ${where(conditions)}
			ORDER BY t.create_time, t.number LIMIT ${parameters.add(limit, "bigint")}
		)
		SELECT ${streamSelect}
		FROM hits JOIN streams s ON s.stream_id = hits.stream_id JOIN stream_states t ON t.stream_id = hits.stream_id
		ORDER BY s.create_time, s.number`,
		parameters,
	);
	return rows.map(toStreamRow);
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
