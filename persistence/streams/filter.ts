import type { Sql } from "postgres";
import { groupsWithin } from "../groups/within.ts";
import { everything } from "../scope.ts";
import type { StreamFilters } from "../stream-row.ts";
import type { OrderedList, Span } from "./ordered-list.ts";
import { scopeLists } from "./scope-lists.ts";

/** The statuses that the table can hold: every stream shows one of them. A filter may ask for others of the reference page: they match nothing. */
const shown = new Set(["pending", "in_progress", "done", "pause", "cancel", "failure"]);

/** Filters made ready for a statement. */
export interface ReadyFilters {
	lists: OrderedList[];
	span: Span;
	/** Given: only these ids, which are so few that each is looked at by itself. */
	stream_ids: readonly string[] | undefined;
}

/** Makes lists of the filters; null when nothing can match. */
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
		const [group] = await groupsWithin(sql, [filters.group_name], filters.scope ?? everything);
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
	const scoped = await scopeLists(sql, filters.scope, filters.account_id);
	if (scoped === null) return null;
	// Two groups are two looks: a row of the table is in one.
	const other = filters.group_name !== undefined;
	lists.push(
		...scoped.map((list) => (other && list.table === "stream_groups" ? { ...list, shared: true as const } : list)),
	);
	return { lists, span, stream_ids: filters.stream_ids };
}
