import type { ConsoleFilter } from "../../persistence/console/filter.ts";
import { searchableText } from "../../persistence/console/searchable.ts";
import type { ConsoleStream } from "../../persistence/console/stream.ts";

type Condition = (stream: ConsoleStream) => boolean;

/**
 * Whether a stream matches a filter: the same question that `persistence/console/filter.ts` asks the database, of one
 * stream that is in memory. A test holds the two together.
 */
export function matching(filter: ConsoleFilter): Condition {
	const conditions: Condition[] = [];
	const any = <T>(values: readonly T[] | undefined, holds: (value: T, stream: ConsoleStream) => boolean) => {
		if (values !== undefined && values.length > 0)
			conditions.push((stream) => values.some((value) => holds(value, stream)));
	};
	const oneOf = (values: readonly string[] | undefined, member: (stream: ConsoleStream) => string) => {
		if (values === undefined || values.length === 0) return;
		const set = new Set(values);
		conditions.push((stream) => set.has(member(stream)));
	};
	oneOf(filter.statuses, (stream) => stream.status);
	oneOf(filter.types, (stream) => stream.type);
	oneOf(filter.account_ids, (stream) => stream.account_id);
	oneOf(filter.stream_ids, (stream) => stream.stream_id);
	oneOf(filter.autorestart, (stream) => stream.autorestart_status);
	any(filter.groups, (group, stream) => stream.groups.includes(group));
	any(filter.agents, (agent, stream) => stream.agent_id?.startsWith(agent) === true);
	any(filter.error_codes, (code, stream) => errorCode(stream) === code);
	any(filter.names?.map(lower), (part, stream) => lower(stream.name).includes(part));
	any(filter.references?.map(lower), (part, stream) => lower(searchableText(stream.reference)).includes(part));
	for (const word of (filter.words ?? []).map(lower))
		conditions.push(
			(stream) =>
				lower(stream.name).includes(word) ||
				lower(stream.description).includes(word) ||
				lower(searchableText(stream.reference)).includes(word) ||
				stream.stream_id.startsWith(word),
		);
	return (stream) => conditions.every((holds) => holds(stream));
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
