import type { ConsoleFilter } from "../../persistence/console/filter.ts";
import type { ConsoleOrder } from "../../persistence/console/list-ids.ts";
import type { Scope } from "../../persistence/scope.ts";
import type { Change } from "./feed.ts";
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

/** Streams that came to match since a view was frozen are counted up to here. */
const MOST_APPEARED = 10_000;
/** What a view takes besides its list: of itself, of each value of its filter besides its text, and of each stream that appeared. */
const VIEW_BYTES = 1_000;
const VALUE_BYTES = 80;
const APPEARED_BYTES = 110;

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

	/** About how much memory it takes: its list, its filter, and what appeared. */
	get bytes(): number {
		return this.#ownBytes + this.#appeared.size * APPEARED_BYTES;
	}

	/** How many streams match now that are not in it; 0 for one that could not list all that matched. */
	get appeared(): number {
		return this.#appeared.size;
	}

	/** What is in it is all that matches now. */
	nothingAppeared(): void {
		this.#appeared.clear();
	}

	/**
	 * Takes changes in, and gives what of them is to be told to whoever shows this view; null: nothing.
	 * @param room bytes that it may grow by; beyond them what appears is not counted
	 */
	take(changes: readonly Change[], room: number): ViewChanges | null {
		const before = this.#appeared.size;
		const most = Math.min(MOST_APPEARED, before + Math.floor(Math.max(0, room) / APPEARED_BYTES));
		let told: ViewChanges | null = null;
		for (const { stream_id, words, stream } of changes) {
			const visible = stream?.within(this.question.scope) ?? null;
			const matches = visible !== null && this.#matches(visible);
			if (!this.list.has(words)) {
				this.#note(stream_id, matches, most);
				continue;
			}
			told ??= new ViewChanges();
			if (visible !== null) told.addRow(visible, matches);
			else told.addGone(stream_id);
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
