import { randomUUID } from "node:crypto";
import type { IdsFound } from "../../persistence/console/list-ids.ts";
import { unavailable } from "../../persistence/fault.ts";
import type { Round } from "./feed.ts";
import { IdList } from "./id-list.ts";
import type { LoadedStream } from "./row.ts";
import { keyOf, type Question, View, type ViewWatcher } from "./view.ts";

/** Milliseconds that a view waits for a page whose connection was lost. */
const KEPT = 60_000;
/** Streams that a view holds at most. */
export const MOST_LISTED = 100_000;
/** Views of a node, and what all of them may cost for each change, in texts that are looked for. */
export const MOST_VIEWS = 1_000;
export const MOST_WORK = 5_000;
/** The part of everything that the pages of one caller may have. */
const SHARE = 1 / 2;

export interface ViewsOptions {
	/** Bytes of all views together. */
	bytes: number;
	/** `owner`: for whom; `wanted`: asked when its turn comes; when it says no, the search is not made. */
	list: (question: Question, limit: number, asked: { owner: string; wanted: () => boolean }) => Promise<IdsFound>;
	/** How many rounds of changes there were. */
	number: () => number;
}

/** A view that was frozen, the same for all who asked for it together. */
export interface Frozen {
	/** The round of changes from which on it has to be told of them. */
	since: number;
	/** Its first rows, once somebody has asked for them. */
	rows: Promise<LoadedStream[]> | null;
}

/** Those who wait for one reading. */
interface Reading {
	askers: Set<ViewWatcher>;
	frozen: Promise<Frozen>;
}

/** A view whose pages lost their connections. */
interface Waiting {
	timer: NodeJS.Timeout;
	/** The last round that it was told of. */
	number: number;
}

/**
 * The views of a node: who asks the same at the same moment shares one reading, who gets the same list shares its
 * memory. A view goes with its last watcher, unless that lost its connection and may come back. Views are bounded in
 * number, in bytes and in what they cost for each change, all of them and those of one caller; at a bound those that nobody
 * watches go first, and then the answer is 39905.
 */
export class Views {
	readonly #options: ViewsOptions;
	readonly #views = new Map<string, View>();
	/** The newest view of each question. */
	readonly #newest = new Map<string, View>();
	readonly #reading = new Map<string, Reading>();
	/** In the order in which they lost their last watcher. */
	readonly #waiting = new Map<View, Waiting>();

	constructor(options: ViewsOptions) {
		this.#options = options;
	}

	get size(): number {
		return this.#views.size;
	}

	get bytes(): number {
		let bytes = 0;
		for (const view of this.#views.values()) bytes += view.bytes;
		return bytes;
	}

	/** What one change costs now. */
	get work(): number {
		let work = 0;
		for (const view of this.#views.values()) if (view.watchers.size > 0) work += view.work;
		return work;
	}

	/** Tells every view that somebody watches of a round's changes. One that waits is told when somebody comes back to it. */
	tell(round: Round): void {
		let room = this.#options.bytes - this.bytes;
		for (const view of this.#views.values()) {
			if (view.watchers.size === 0) continue;
			const before = view.bytes;
			const told = view.take(round, room);
			room -= view.bytes - before;
			if (told !== null) for (const watcher of view.watchers) watcher.offer(told);
		}
	}

	/** The view of this id, if it was frozen for this question and is still kept; with the last round that it was told of. */
	find(view_id: string, question: Question): { view: View; told: number } | undefined {
		const view = this.#views.get(view_id);
		if (view === undefined || view.key !== keyOf(question)) return undefined;
		return { view, told: this.#waiting.get(view)?.number ?? this.#options.number() };
	}

	/**
	 * Freezes the streams that match now, and shows them to who asks.
	 * @throws {Fault} 39905 when the search takes too long, or there is no room.
	 */
	freeze(question: Question, asker: ViewWatcher): Promise<Frozen> {
		const key = keyOf(question);
		let reading = this.#reading.get(key);
		if (reading === undefined) {
			const askers = new Set([asker]);
			reading = { askers, frozen: this.#read(key, question, askers) };
			this.#reading.set(key, reading);
		}
		reading.askers.add(asker);
		return reading.frozen;
	}

	/** It does not want any more what it asked for. */
	abandon(question: Question, asker: ViewWatcher): void {
		this.#reading.get(keyOf(question))?.askers.delete(asker);
	}

	watch(view: View, ...watchers: readonly ViewWatcher[]): void {
		for (const watcher of watchers) view.watchers.add(watcher);
		this.#endWaiting(view);
		this.#charge(view);
	}

	/** One watcher less. `comesBack`: it lost its connection, and the view waits for it for a while if it was the last one. */
	leave(view: View, watcher: ViewWatcher, comesBack: boolean): void {
		if (!view.watchers.delete(watcher)) return;
		if (view.watchers.size > 0) this.#charge(view);
		else if (comesBack) this.#wait(view);
		else this.#drop(view);
	}

	clear(): void {
		for (const { timer } of this.#waiting.values()) clearTimeout(timer);
		this.#waiting.clear();
		this.#views.clear();
		this.#newest.clear();
	}

	async #read(key: string, question: Question, askers: Set<ViewWatcher>): Promise<Frozen> {
		const [{ owner } = { owner: "" }] = askers;
		const frozen: Frozen = { since: this.#options.number(), rows: null };
		try {
			const found = await this.#options.list(question, MOST_LISTED, { owner, wanted: () => askers.size > 0 });
			if (askers.size === 0) return frozen;
			const view = this.#viewOf(key, question, found, new Set([...askers].map((asker) => asker.owner)));
			// At once, so that no view is ever there for nobody.
			this.watch(view, ...askers);
			for (const asker of askers) asker.show(view);
			return frozen;
		} finally {
			this.#reading.delete(key);
		}
	}

	#viewOf(key: string, question: Question, { total, ids }: IdsFound, owners: ReadonlySet<string>): View {
		const list = new IdList(ids);
		const known = this.#newest.get(key);
		if (known !== undefined && known.total === total && known.list.equals(list)) {
			known.nothingLeft();
			// It was not told what happened meanwhile.
			if (known.watchers.size === 0) known.nothingAppeared();
			return known;
		}
		const view = new View(randomUUID(), question, { list, total, owner: "" });
		this.#makeRoom(view, owners);
		this.#views.set(view.view_id, view);
		this.#newest.set(key, view);
		return view;
	}

	/** It counts for the first of those who asked for it who has room. */
	#makeRoom(view: View, owners: ReadonlySet<string>): void {
		for (const owner of owners) {
			if (!this.#makesRoom(view, owner)) continue;
			view.owner = owner;
			if (this.#makesRoom(view, null)) return;
		}
		throw unavailable("room for another view");
	}

	/** Whether there is room, when those that wait have gone. null: of all owners. */
	#makesRoom(view: View, owner: string | null): boolean {
		for (const waiting of this.#waiting.keys()) {
			if (owner !== null && waiting.owner !== owner) continue;
			if (this.#fits(view, owner)) return true;
			this.#drop(waiting);
		}
		return this.#fits(view, owner);
	}

	/** Whether there is room for one more beside those of an owner, or all others. */
	#fits(more: View, owner: string | null): boolean {
		const share = owner === null ? 1 : SHARE;
		let [views, bytes, work] = [1, more.bytes, more.work];
		for (const view of this.#views.values()) {
			if (owner !== null && view.owner !== owner) continue;
			views++;
			bytes += view.bytes;
			work += view.work;
		}
		return views <= MOST_VIEWS * share && bytes <= this.#options.bytes * share && work <= MOST_WORK * share;
	}

	/** It counts for one of those who watch it: for whom it did already, if that one still does. */
	#charge(view: View): void {
		let next: string | undefined;
		for (const { owner } of view.watchers) {
			if (owner === view.owner) return;
			next ??= owner;
		}
		view.owner = next ?? view.owner;
	}

	#wait(view: View): void {
		const timer = setTimeout(() => this.#drop(view), KEPT);
		timer.unref();
		this.#waiting.set(view, { timer, number: this.#options.number() });
	}

	#endWaiting(view: View): void {
		clearTimeout(this.#waiting.get(view)?.timer);
		this.#waiting.delete(view);
	}

	#drop(view: View): void {
		this.#endWaiting(view);
		this.#views.delete(view.view_id);
		if (this.#newest.get(view.key) === view) this.#newest.delete(view.key);
	}
}
