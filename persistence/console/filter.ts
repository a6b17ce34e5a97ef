import type { Sql } from "postgres";
import { groupIdsWithin } from "../groups/within.ts";
import type { Parameters } from "../parameters.ts";
import { everything, type Scope } from "../scope.ts";
import { searchable } from "./searchable.ts";

/** What a search line asks for: different members combine with AND, values inside one with OR. Absent or empty: no filter. */
export interface ConsoleFilter {
	statuses?: readonly string[];
	/** Names of groups, exact. */
	groups?: readonly string[];
	/** Parts of names, any case. */
	names?: readonly string[];
	/** Parts of what may be searched of references (`searchable.ts`), any case. */
	references?: readonly string[];
	types?: readonly string[];
	account_ids?: readonly string[];
	stream_ids?: readonly string[];
	/** Beginnings of the names of agents that process them now. */
	agents?: readonly string[];
	error_codes?: readonly number[];
	autorestart?: readonly string[];
	/** Parts of the name, the description or the reference, or the beginning of the id. All of them must match. */
	words?: readonly string[];
}

/** What a filter reads: conditions on `s` (`streams`) and on `t` (`stream_states`). */
export interface ConsoleConditions {
	streams: string[];
	states: string[];
	/** Every row is looked at: no index knows parts of texts. */
	scans: boolean;
}

/**
 * Makes conditions of a filter and a scope; null when nothing can match.
 *
 * Parts of names, references and descriptions are looked for in every row: whoever runs such a statement bounds its time.
 */
export async function consoleConditions(
	sql: Sql,
	filter: ConsoleFilter,
	scope: Scope,
	parameters: Parameters,
): Promise<ConsoleConditions | null> {
	const streams: string[] = [];
	const states: string[] = [];
	const any = (expression: string, values: readonly string[] | undefined, type: "uuid" | "text", to: string[]) => {
		if (values !== undefined && values.length > 0) to.push(`${expression} = ANY(${parameters.addAll(values, type)})`);
	};
	any("t.status", filter.statuses, "text", states);
	any("t.autorestart_status", filter.autorestart, "text", states);
	any("s.data_type", filter.types, "text", streams);
	any("s.account_id", filter.account_ids, "uuid", streams);
	any("s.stream_id", filter.stream_ids, "uuid", streams);
	if (scope.accounts !== null) streams.push(`s.account_id = ANY(${parameters.addAll(scope.accounts, "uuid")})`);
	const asked = filter.groups === undefined || filter.groups.length === 0 ? null : filter.groups;
	for (const names of [asked, scope.groups]) {
		if (names === null) continue;
		const of = names === asked ? scope : everything;
		const ids = await groupIdsWithin(sql, names, of);
		if (ids.length === 0) return null;
		const place = parameters.addAll(ids, "uuid");
		const column = streams.length > 0 || states.length === 0 ? "s.stream_id" : "t.stream_id";
		const to = column === "s.stream_id" ? streams : states;
		to.push(`${column} IN (SELECT l.stream_id FROM stream_groups l WHERE l.group_id = ANY(${place}))`);
	}
	if (filter.error_codes !== undefined && filter.error_codes.length > 0) {
		const codes = parameters.addAll(filter.error_codes.map(String), "text");
		states.push(`t.last_error->>'error_code' = ANY(${codes})`);
	}
	const like = (expression: string, patterns: readonly string[]) => {
		const place = parameters.addAll(patterns, "text");
		return `lower(${expression}) LIKE ANY (ARRAY(SELECT lower(p) FROM unnest(${place}) p))`;
	};
	if (filter.agents !== undefined && filter.agents.length > 0) {
		const patterns = filter.agents.map((agent) => `${escaped(agent)}%`);
		states.push(`t.status = 'in_progress' AND t.agent_id LIKE ANY(${parameters.addAll(patterns, "text")})`);
	}
	const { names = [], references = [], words = [] } = filter;
	if (names.length > 0) streams.push(like("s.name", names.map(part)));
	if (references.length > 0) streams.push(like(searchable("s.reference"), references.map(part)));
	for (const word of words) {
		const ways = [
			like("s.name", [part(word)]),
			like("s.description", [part(word)]),
			like(searchable("s.reference"), [part(word)]),
			like("s.stream_id::text", [`${escaped(word)}%`]),
		];
		streams.push(`(${ways.join(" OR ")})`);
	}
	return { streams, states, scans: names.length + references.length + words.length > 0 };
}

function part(text: string): string {
	return `%${escaped(text)}%`;
}

/** A text that LIKE takes as it stands. */
function escaped(text: string): string {
	return text.replace(/[\\%_]/g, "\\$&");
}
