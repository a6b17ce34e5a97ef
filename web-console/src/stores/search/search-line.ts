import type { ConsoleFilter } from "../../../../client/console/protocol.ts";
import { QUALIFIERS, qualifierNamed } from "./qualifiers.ts";
import { tokensOf, written } from "./tokens.ts";

export interface Search {
	/** What the line asks for; null while something in it cannot be meant: then nothing is shown rather than too much. */
	readonly filter: ConsoleFilter | null;
	/** What is wrong, in words; with a filter, what may be. */
	readonly problems: readonly string[];
}

/**
 * Reads a search line: qualifiers (`status:failure,pending group:"north hall"`) and free words. Different qualifiers combine with
 * AND, values of one with OR, words with AND.
 */
export function parseSearch(line: string): Search {
	const found: Record<string, (string | number)[]> = {};
	const problems: string[] = [];
	let bad = false;
	const add = (member: string, value: string | number) => {
		const values = found[member] ?? [];
		if (!values.includes(value)) found[member] = [...values, value];
	};
	for (const { qualifier: name, values, from } of tokensOf(line, isQualifier)) {
		const qualifier = name === undefined ? undefined : qualifierNamed(name);
		if (qualifier === undefined) {
			for (const value of values) if (value !== "") add("words", value);
			const unknown = /^([a-z_]+):(?!\/\/)/i.exec(line.slice(from))?.[1];
			if (unknown !== undefined) problems.push(`"${unknown}:" is no qualifier; it is searched for as a word`);
			continue;
		}
		for (const value of values) {
			// `status:` while it is being typed.
			if (value === "") continue;
			const read = qualifier.values === undefined ? value : value.toLowerCase();
			const mistake = qualifier.mistake?.(read);
			if (mistake !== undefined) {
				bad = true;
				problems.push(`${qualifier.name}: "${value}" ${mistake}`);
			} else add(qualifier.member, qualifier.member === "error_codes" ? Number(read) : read);
		}
	}
	// Each value was held against its qualifier's rule.
	return { filter: bad ? null : (found as ConsoleFilter), problems };
}

/** The line that says a filter; `parseSearch` reads the same filter from it. */
export function printSearch(filter: ConsoleFilter): string {
	const qualified = QUALIFIERS.flatMap(({ name, member }) => {
		const values: readonly (string | number)[] = filter[member] ?? [];
		const texts = values.map((value) => written(String(value), false));
		return texts.length === 0 ? [] : [`${name}:${texts.join(",")}`];
	});
	return [...qualified, ...(filter.words ?? []).map((word) => written(word, true))].join(" ");
}

type Listed =
	| "statuses"
	| "groups"
	| "types"
	| "names"
	| "agents"
	| "references"
	| "account_ids"
	| "stream_ids"
	| "autorestart";

/** The line with a value of a member added, or taken away when it is there. A line that cannot be read stays as it is. */
export function toggled(line: string, member: Listed, value: string): string {
	const { filter } = parseSearch(line);
	if (filter === null) return line;
	const values: readonly string[] = filter[member] ?? [];
	const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
	return printSearch({ ...filter, [member]: next });
}

/** Whether a filter lets everything through. */
export function isEverything(filter: ConsoleFilter): boolean {
	return Object.values(filter).every((values) => values.length === 0);
}

function isQualifier(name: string): boolean {
	return qualifierNamed(name) !== undefined;
}
