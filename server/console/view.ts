import type { ConsoleFilter } from "../../persistence/console/filter.ts";
import type { ConsoleOrder } from "../../persistence/console/list-ids.ts";
import type { ConsoleStream } from "../../persistence/console/stream.ts";
import type { Scope } from "../../persistence/scope.ts";
import { covers } from "../access/scope.ts";
import type { Change } from "./feed.ts";
import type { IdList } from "./id-list.ts";
import { matching } from "./matching.ts";
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

/** Who shows a view, and is told of what changes in it. */
export interface ViewWatcher {
	offer(changes: ViewChanges): void;
}

/**
 * The streams that matched a question at one moment, in a fixed order: what is in it stays where it is while somebody
 * looks. Whoever asks the same and gets the same list shares one view.
 */
export class View {
	readonly view_id: string;
	/** The question as text: nobody else may come back to this view. */
	readonly key: string;
	readonly list: IdList;
	/** How many matched, which may be more than are listed. */
	readonly total: number;
	readonly #matches: (stream: ConsoleStream) => boolean;
	readonly #scope: Scope;
	readonly #appeared = new Set<string>();
	readonly watchers = new Set<ViewWatcher>();

	constructor(view_id: string, question: Question, found: { list: IdList; total: number }) {
		this.view_id = view_id;
		this.key = keyOf(question);
		this.list = found.list;
		this.total = found.total;
		this.#matches = matching(question.filter);
		this.#scope = question.scope;
	}

	/** How many streams match now that are not in it; 0 for one that could not list all that matched. */
	get appeared(): number {
		return this.#appeared.size;
	}

	/** Takes changes in, and gives what of them is to be told to whoever shows this view; null: nothing. */
	take(changes: readonly Change[]): ViewChanges | null {
		const before = this.#appeared.size;
		let told: ViewChanges | null = null;
		for (const { stream_id, words, stream } of changes) {
			const visible = stream !== null && covers(this.#scope, stream.source);
			const matches = visible && this.#matches(stream.source);
			if (!this.list.has(words)) {
				this.#note(stream_id, matches);
				continue;
			}
			told ??= new ViewChanges();
			if (visible) told.addRow(stream, matches);
			else told.addGone(stream_id);
		}
		if (this.#appeared.size !== before) told ??= new ViewChanges();
		if (told !== null) told.appeared = this.#appeared.size;
		return told;
	}

	#note(stream_id: string, matches: boolean): void {
		if (!matches) this.#appeared.delete(stream_id);
		else if (this.#appeared.size < MOST_APPEARED && this.total === this.list.length) this.#appeared.add(stream_id);
	}
}

/** The same text for the same question. */
export function keyOf({ filter, order, scope }: Question): string {
	const members = Object.entries(filter)
		.filter(([, values]) => Array.isArray(values) && values.length > 0)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return JSON.stringify([order, scope.accounts, scope.groups, members]);
}
