import type { Sql } from "postgres";
import { Parameters } from "../parameters.ts";
import type { StreamFilters } from "../stream-row.ts";
import { commonSpan, type OrderedList, type Span } from "./ordered-list.ts";

/** The statuses that the table can hold: every stream shows one of them. A filter may ask for others of the reference page: they match nothing. */
const shown = new Set(["pending", "in_progress", "done", "pause", "cancel", "failure"]);

/** Filters made ready for a statement. */
export interface ReadyFilters {
	lists: OrderedList[];
	span: Span;
	/** Given: only these ids, which are so few that each is looked at by itself. */
	stream_ids: readonly string[] | undefined;
}

/** Makes lists of the filters, and finds what all of them have in common; null when nothing can match. */
export async function readyFilters(sql: Sql, filters: StreamFilters): Promise<ReadyFilters | null> {
	const lists: OrderedList[] = [];
	const span: Span = { gte: filters.create_time__gte, lt: filters.create_time__lt };
	if (filters.statuses !== undefined) {
		const values = [...new Set(filters.statuses)].filter((status) => shown.has(status));
		if (values.length === 0) return null;
		// Every stream shows one of these.
		if (values.length < shown.size) lists.push({ table: "stream_states", column: "status", type: "text", values });
	}
	if (filters.group_name !== undefined) {
		const [group] = await sql<{ group_id: string }[]>`
			SELECT group_id FROM groups WHERE group_name = ${filters.group_name}`;
		if (group === undefined) return null;
		// By its id: the planner has statistics by id, and would take it for an average group when it came from a join.
		lists.push({ table: "stream_groups", column: "group_id", type: "uuid", values: [group.group_id] });
	}
	if (filters.names !== undefined) {
		lists.push({ table: "streams", column: "name", type: "text", values: [...new Set(filters.names)] });
	}
	if (filters.reference !== undefined) {
		lists.push({ table: "streams", column: "reference", type: "text", values: [filters.reference] });
	}
	if (filters.account_id !== undefined) {
		lists.push({ table: "streams", column: "account_id", type: "uuid", values: [filters.account_id] });
	}
	const { stream_ids } = filters;
	if (stream_ids !== undefined || lists.length < 2) return { lists, span, stream_ids };
	const common = await commonSpan(sql, lists, new Parameters());
	return common === null ? null : { lists, span: { ...span, ...common }, stream_ids };
}
