import { holds, type Scope } from "../persistence/scope.ts";
import type { QueueFilters } from "../persistence/stream-row.ts";

/** What a value takes besides its characters: its place in the list, the string's head, and its share of the key. */
const VALUE_BYTES = 40;

/** Equal for equal filters. */
export function filtersKey({ stream_ids, names, group_ids, group_names, scope }: QueueFilters): string {
	return JSON.stringify([stream_ids, names, group_ids, group_names, scope?.accounts, scope?.groups]);
}

/** Whether all that these filters let through is within a scope. */
export function isConfined({ scope, group_names = [] }: QueueFilters, to: Scope): boolean {
	// An empty list is no filter.
	const named = group_names.length > 0 && among(group_names, to.groups);
	return among(scope?.accounts, to.accounts) && (named || among(scope?.groups, to.groups));
}

/** Whether all of these are in a list; null, as a list: everything, as what is looked for: anything. */
function among(values: readonly string[] | null | undefined, list: readonly string[] | null): boolean {
	return list === null || values?.every((value) => holds(list, value)) === true;
}

/** About how much memory filters take with their key, in bytes; of one uuid some 115. What every caller has is not counted. */
export function filtersBytes({ stream_ids, names, group_ids, group_names }: QueueFilters): number {
	let bytes = 0;
	for (const values of [stream_ids, names, group_ids, group_names]) {
		for (const value of values ?? []) bytes += VALUE_BYTES + 2 * value.length;
	}
	return bytes;
}
