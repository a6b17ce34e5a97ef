import type { Parameters } from "../parameters.ts";
import type { ReadyFilters } from "./filter.ts";
import { listCondition, spanConditions } from "./ordered-list.ts";

/** `FROM` and `WHERE` of the streams `s` that have one of the ids and match the other filters: each is looked up and tried. */
export function byIds(stream_ids: readonly string[], { lists, span }: ReadyFilters, parameters: Parameters): string {
	const conditions = [
		`s.stream_id = ANY(${parameters.addAll(stream_ids, "uuid")})`,
		...spanConditions("s", span, parameters),
	];
	for (const list of lists) {
		conditions.push(
			list.table === "streams"
				? listCondition("s", list, parameters)
				: `EXISTS (SELECT FROM ${list.table} l WHERE l.stream_id = s.stream_id AND ${listCondition("l", list, parameters)})`,
		);
	}
	return `FROM streams s WHERE ${conditions.join(" AND ")}`;
}
