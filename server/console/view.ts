import type { ConsoleFilter } from "../../persistence/console/filter.ts";
import type { ConsoleOrder } from "../../persistence/console/list-ids.ts";
import type { Scope } from "../../persistence/scope.ts";
import type { Round } from "./feed.ts";
import type { IdList } from "./id-list.ts";
import { type Matchable, matching, matchingWork } from "./matching.ts";
import { ViewChanges } from "./view-changes.ts";

/** What a view is about. */
export interface Question {
	filter: ConsoleFilter;
	order: ConsoleOrder;
	/** How far the one who asks sees. */
	scope: Scope;
}

/** Streams that came to match since a view was frozen are counted up to here, and those that left its scope are known. */
const MOST_APPEARED = 10_000;
const MOST_OUTSIDE = 10_000;
/** What a view takes besides its list: of itself, of each value of its filter besides its text, and of each stream that appeared or left. */
const VIEW_BYTES = 1_000;
const VALUE_BYTES = 80;
const STREAM_BYTES = 110;

/** Who shows a view, and is told of what changes in it. */
export interface ViewWatcher {
	/** Whose share of the views it takes. */
	readonly owner: string;
	/** The view that it asked for is frozen, and it watches it now. */
	show(view: View): void;
	offer(changes: ViewChanges): void;
}

/**
 * The streams that matched a question at one moment, in a fixed order: what is in it stays where it is while somebody
 * looks. Whoever asks the same and gets the same list shares one view.
 */
export class View {
	readonly view_id: string;
	readonly question: Question;
	/** The question as text: nobody else may come back to this view. */
	readonly key: string;
	readonly list: IdList;
	/** How many matched, which may be more than are listed. */
	readonly total: number;
	/** What it costs to hold a change against it; see `matchingWork`. */
	readonly work: number;
	/** Whose share of the views it takes. */
	owner: string;
	readonly watchers = new Set<ViewWatcher>();
	readonly #matches: (stream: Matchable) => boolean;
	readonly #appeared = new Set<string>();
	/**
	 * Of its list, the streams that left its scope, with the round in which it was told that they are gone. What becomes of them there
	 * it may not hear: not even that something does.
	 */
	readonly #outside = new Map<string, number>();
	readonly #ownBytes: number;

	constructor(view_id: string, question: Question, found: { list: IdList; total: number; owner: string }) {
		this.view_id = view_id;
		this.question = question;
		this.key = keyOf(question);
		this.list = found.list;
		this.total = found.total;
		this.owner = found.owner;
		this.work = matchingWork(question.filter);
		this.#matches = matching(question.filter);
		this.#ownBytes = found.list.bytes + VIEW_BYTES + this.key.length + filterBytes(question.filter);
	}

	/** About how much memory it takes: its list, its filter, and what appeared or left. */
	get bytes(): number {
		return this.#ownBytes + (this.#appeared.size + this.#outside.size) * STREAM_BYTES;
	}

	/** How many streams match now that are not in it; 0 for one that could not list all that matched. */
	get appeared(): number {
		return this.#appeared.size;
	}

	/** All that is in it is there now. */
	nothingLeft(): void {
		this.#outside.clear();
	}

	/** What is in it is all that matches now. */
	nothingAppeared(): void {
		this.#appeared.clear();
	}

	/** Somebody watches it who knows what was told up to this round, and hears the rest again. */
	tellAgain(since: number): void {
		for (const [id, number] of this.#outside) if (number > since) this.#outside.delete(id);
	}

	/**
	 * Takes the changes of a round in, and gives what of them is to be told to whoever shows this view; null: nothing.
	 * @param room bytes that it may grow by; beyond them what appears is not counted
	 */
	take({ number, changes }: Round, room: number): ViewChanges | null {
		const before = this.#appeared.size;
		const more = Math.floor(Math.max(0, room) / STREAM_BYTES);
		const most = Math.min(MOST_APPEARED, before + more);
		const outside = Math.min(MOST_OUTSIDE, this.#outside.size + more);
		let told: ViewChanges | null = null;
		for (const { stream_id, words, stream } of changes) {
			const visible = stream?.within(this.question.scope) ?? null;
			const matches = visible !== null && this.#matches(visible);
			if (!this.list.has(words)) {
				this.#note(stream_id, matches, most);
				continue;
			}
			if (visible === null && this.#outside.has(stream_id)) continue;
			told ??= new ViewChanges();
			if (visible !== null) {
				this.#outside.delete(stream_id);
				told.addRow(visible, matches);
			} else {
				if (stream !== null && this.#outside.size < outside) this.#outside.set(stream_id, number);
				told.addGone(stream_id);
			}
		}
		if (this.#appeared.size !== before) told ??= new ViewChanges();
		if (told !== null) told.appeared = this.#appeared.size;
		return told;
	}

	#note(stream_id: string, matches: boolean, most: number): void {
		if (!matches) this.#appeared.delete(stream_id);
		else if (this.#appeared.size < most && this.total === this.list.length) this.#appeared.add(stream_id);
	}
}

/** The same text for the same question. */
export function keyOf({ filter, order, scope }: Question): string {
	const members = Object.entries(filter)
		.filter(([, values]) => Array.isArray(values) && values.length > 0)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return JSON.stringify([order, scope.accounts, scope.groups, members]);
}

function filterBytes(filter: ConsoleFilter): number {
	let bytes = 0;
	for (const values of Object.values(filter) as (readonly (string | number)[])[])
		for (const value of values) bytes += VALUE_BYTES + 2 * String(value).length;
	return bytes;
}
