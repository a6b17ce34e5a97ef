import { QUALIFIERS, qualifierNamed } from "./qualifiers.ts";
import { tokensOf, written } from "./tokens.ts";

export interface Completion {
	/** What it puts into the line. */
	readonly text: string;
	readonly label: string;
	readonly about: string;
}

export interface Completions {
	/** The part of the line that a completion replaces. */
	readonly from: number;
	readonly to: number;
	readonly options: readonly Completion[];
}

/** Values that are known of qualifiers without a fixed list: names of groups, agents. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

const MAX_OPTIONS = 8;

/** What may be meant at the caret: names of qualifiers, then their values. */
export function completionsAt(line: string, caret: number, known: KnownValues): Completions {
	const token = tokensOf(line.slice(0, caret), (name) => qualifierNamed(name) !== undefined).at(-1);
	if (token === undefined || token.to < caret) return { from: caret, to: caret, options: qualifiersFor("") };
	if (token.qualifier === undefined) {
		return { from: token.from, to: caret, options: qualifiersFor(line.slice(token.from, caret)) };
	}
	const qualifier = qualifierNamed(token.qualifier);
	const typed = (token.values.at(-1) ?? "").toLowerCase();
	const used = token.values.slice(0, -1);
	const values = qualifier?.values ?? known[qualifier?.name ?? ""] ?? [];
	const options = values
		.filter((value) => value.toLowerCase().includes(typed) && !used.includes(value))
		.toSorted((a, b) => Number(b.toLowerCase().startsWith(typed)) - Number(a.toLowerCase().startsWith(typed)))
		.slice(0, MAX_OPTIONS)
		.map((value) => ({ text: `${written(value, false)} `, label: value, about: qualifier?.name ?? "" }));
	// The only one, typed whole: there is nothing to complete.
	const done = options.length === 1 && options[0]?.label.toLowerCase() === typed && !token.open;
	return { from: token.valueFrom, to: caret, options: done ? [] : options };
}

function qualifiersFor(typed: string): Completion[] {
	const begin = typed.toLowerCase();
	return QUALIFIERS.filter(({ name }) => name.startsWith(begin)).map(({ name, about }) => ({
		text: `${name}:`,
		label: `${name}:`,
		about,
	}));
}
