import { randomUUID } from "node:crypto";
import type { IdsFound } from "../../persistence/console/list-ids.ts";
import { unavailable } from "../../persistence/fault.ts";
import { IdList } from "./id-list.ts";
import { keyOf, type Question, View, type ViewWatcher } from "./view.ts";

/** Milliseconds that a view without a watcher waits for one that comes back. */
const KEPT = 60_000;
/** Streams that a view holds at most. */
export const MOST_LISTED = 100_000;

export interface ViewsOptions {
	/** Bytes of all views together. */
	bytes: number;
	list: (question: Question, limit: number) => Promise<IdsFound>;
	/** How many rounds of changes there were. */
	number: () => number;
}

/** A view that was frozen, and the round of changes from which on it has to be told of them. */
export interface Frozen {
	view: View;
	since: number;
}

/**
 * The views of a node: who asks the same at the same moment shares one reading, who gets the same list shares its
 * memory. Beyond the bound of bytes those that nobody watches go first, and then the answer is 39905.
 */
export class Views {
	readonly #options: ViewsOptions;
	readonly #views = new Map<string, View>();
	/** The newest view of each question. */
	readonly #newest = new Map<string, View>();
	readonly #reading = new Map<string, Promise<Frozen>>();
	readonly #expiry = new Map<View, NodeJS.Timeout>();
	#bytes = 0;

	constructor(options: ViewsOptions) {
		this.#options = options;
	}

	get size(): number {
		return this.#views.size;
	}

	get bytes(): number {
		return this.#bytes;
	}

	all(): Iterable<View> {
		return this.#views.values();
	}

	/** The view of this id, if it was frozen for this question and is still kept. */
	find(view_id: string, question: Question): View | undefined {
		const view = this.#views.get(view_id);
		return view?.key === keyOf(question) ? view : undefined;
	}

	/**
	 * Freezes the streams that match now. Who calls it watches the view, or lets it go.
	 * @throws {Fault} 39905 when the search takes too long, or there is no room.
	 */
	async freeze(question: Question): Promise<Frozen> {
		const key = keyOf(question);
		const current = this.#reading.get(key);
		if (current !== undefined) return current;
		const reading = this.#read(key, question).finally(() => this.#reading.delete(key));
		this.#reading.set(key, reading);
		return reading;
	}

	watch(view: View, watcher: ViewWatcher): void {
		view.watchers.add(watcher);
		clearTimeout(this.#expiry.get(view));
		this.#expiry.delete(view);
	}

	/** One watcher less; the last one leaves it waiting for a while. */
	leave(view: View, watcher: ViewWatcher): void {
		if (view.watchers.delete(watcher) && view.watchers.size === 0) this.#expireLater(view);
	}

	clear(): void {
		for (const timer of this.#expiry.values()) clearTimeout(timer);
		this.#expiry.clear();
		this.#views.clear();
		this.#newest.clear();
		this.#bytes = 0;
	}

	async #read(key: string, question: Question): Promise<Frozen> {
		const since = this.#options.number();
		const { total, ids } = await this.#options.list(question, MOST_LISTED);
		const list = new IdList(ids);
		const known = this.#newest.get(key);
		if (known !== undefined && known.total === total && known.list.equals(list)) {
			if (known.watchers.size === 0) this.#expireLater(known);
			return { view: known, since };
		}
		this.#makeRoom(list.bytes);
		const view = new View(randomUUID(), question, { list, total });
		this.#views.set(view.view_id, view);
		this.#newest.set(key, view);
		this.#bytes += list.bytes;
		this.#expireLater(view);
		return { view, since };
	}

	#makeRoom(bytes: number): void {
		// In the order in which they lost their last watcher.
		for (const view of this.#expiry.keys()) {
			if (this.#bytes + bytes <= this.#options.bytes) return;
			this.#drop(view);
		}
		if (this.#bytes + bytes > this.#options.bytes) throw unavailable("room for another view");
	}

	#expireLater(view: View): void {
		clearTimeout(this.#expiry.get(view));
		this.#expiry.delete(view);
		const timer = setTimeout(() => this.#drop(view), KEPT);
		timer.unref();
		this.#expiry.set(view, timer);
	}

	#drop(view: View): void {
		clearTimeout(this.#expiry.get(view));
		this.#expiry.delete(view);
		if (this.#views.delete(view.view_id)) this.#bytes -= view.list.bytes;
		if (this.#newest.get(view.key) === view) this.#newest.delete(view.key);
	}
}
