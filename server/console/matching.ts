import type { ConsoleFilter } from "../../persistence/console/filter.ts";
import { searchableText } from "../../persistence/console/searchable.ts";
import type { ConsoleStream } from "../../persistence/console/stream.ts";

/** What filters look for in the texts of a stream, prepared once for all of them. */
export interface Searched {
	name: string;
	description: string;
	/** What may be searched of it. */
	reference: string;
	error_code: number | undefined;
}

/** A stream that filters are asked about. */
export interface Matchable {
	readonly source: ConsoleStream;
	readonly searched: Searched;
}

type Condition = (stream: Matchable) => boolean;

/** Prepares what filters look for in the texts of a stream. */
export function searchedOf(stream: ConsoleStream): Searched {
	return {
		name: lower(stream.name),
		description: lower(stream.description),
		reference: lower(searchableText(stream.reference)),
		error_code: errorCode(stream),
	};
}

/**
 * Whether a stream matches a filter: the same question that `persistence/console/filter.ts` asks the database, of one
 * stream that is in memory. A test holds the two together. What is quick to tell is asked first.
 */
export function matching(filter: ConsoleFilter): Condition {
	const conditions: Condition[] = [];
	const oneOf = <T>(values: readonly T[] | undefined, member: (stream: Matchable) => T | undefined) => {
		if (values === undefined || values.length === 0) return;
		const set: ReadonlySet<T | undefined> = new Set(values);
		conditions.push((stream) => set.has(member(stream)));
	};
	const any = (values: readonly string[] | undefined, holds: (value: string, stream: Matchable) => boolean) => {
		if (values !== undefined && values.length > 0)
			conditions.push((stream) => values.some((value) => holds(value, stream)));
	};
	oneOf<string>(filter.statuses, ({ source }) => source.status);
	oneOf(filter.types, ({ source }) => source.type);
	oneOf(filter.account_ids, ({ source }) => source.account_id);
	oneOf(filter.stream_ids, ({ source }) => source.stream_id);
	oneOf<string>(filter.autorestart, ({ source }) => source.autorestart_status);
	oneOf(filter.error_codes, ({ searched }) => searched.error_code);
	if (filter.groups !== undefined && filter.groups.length > 0) {
		const groups = new Set(filter.groups);
		conditions.push(({ source }) => source.groups.some((group) => groups.has(group)));
	}
	any(filter.agents, (agent, { source }) => source.agent_id?.startsWith(agent) === true);
	any(filter.names?.map(lower), (part, { searched }) => searched.name.includes(part));
	any(filter.references?.map(lower), (part, { searched }) => searched.reference.includes(part));
	for (const word of (filter.words ?? []).map(lower))
		conditions.push(
			({ source, searched }) =>
				searched.name.includes(word) ||
				searched.description.includes(word) ||
				searched.reference.includes(word) ||
				source.stream_id.startsWith(word),
		);
	return (stream) => conditions.every((holds) => holds(stream));
}

/** What it costs to hold a stream against a filter, in texts that are looked for; 1 for what looks for none. */
export function matchingWork({ agents = [], names = [], references = [], words = [] }: ConsoleFilter): number {
	return 1 + agents.length + names.length + references.length + words.length;
}

function errorCode({ error }: ConsoleStream): number | undefined {
	if (error === null) return undefined;
	// Our own text, checked against the schema when it came in.
	const { error_code }: { error_code: number } = JSON.parse(error);
	return error_code;
}

function lower(text: string): string {
	return text.toLowerCase();
}
