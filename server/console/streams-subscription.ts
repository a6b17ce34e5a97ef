import type { MessageOf } from "../schemas/console/messages.ts";
import type { Feed } from "./feed.ts";
import type { LoadedStream } from "./row.ts";
import type { Position } from "./server-message.ts";
import type { Session, Subscription } from "./session.ts";
import type { Question, View, ViewWatcher } from "./view.ts";
import { ViewChanges } from "./view-changes.ts";
import type { Views } from "./views.ts";

/** Rows that come with a snapshot. */
const FIRST_ROWS = 100;
/** Changed streams that are kept for a page that is behind; beyond it the page gets a new snapshot. */
const MOST_KEPT = 1_000;
/** Changes that are told to one who comes back; when there are more, a snapshot is shorter. */
const MOST_MISSED = 2_000;
/** Rows of one frame to a page that has caught up. */
const CATCH_UP = 100;
/** Milliseconds before a snapshot that could not be read anew is tried again. */
const RETRY = 2_000;
/** Questions for rows that wait for their answer, beyond which the oldest counts for nothing; and rows that are read together. */
const MOST_ASKED = 8;
const ROWS_TOGETHER = 100;

export interface ViewParts {
	views: Views;
	feed: Feed;
	/** Which life of which node counts the rounds. */
	bootId: string;
	/** For a page of this owner. */
	load: (owner: string, stream_ids: readonly string[]) => Promise<LoadedStream[]>;
	/** A part of a frame was added to the session; it is sent when the round is over. */
	touched: (session: Session) => void;
}

/**
 * A page's view of streams. It watches first and reads after: what changes while its snapshot is on the way is kept and
 * told afterwards, and so is what changes while the page is behind, the newest state of each stream.
 */
export class StreamsSubscription implements Subscription, ViewWatcher {
	readonly #session: Session;
	readonly #sub: number;
	readonly #parts: ViewParts;
	#question: Question;
	#view: View | null = null;
	#kept: ViewChanges | null = null;
	/** Its snapshot, or the changes that it missed, are on the way. */
	#opening = true;
	/** More changed than is kept: only a new snapshot can tell. */
	#lost = false;
	#ended = false;
	#retry: NodeJS.Timeout | undefined;
	/** Questions for rows that were not answered yet, by the first row of each. */
	readonly #asked = new Map<number, MessageOf<"rows">>();
	#answering = false;

	constructor(session: Session, message: MessageOf<"streams">, parts: ViewParts) {
		this.#session = session;
		this.#sub = message.sub;
		this.#parts = parts;
		this.#question = { filter: message.filter, order: message.order, scope: session.caller };
	}

	get owner(): string {
		return this.#session.owner;
	}

	/** Sends the changes missed since a position, when they are known, or else a snapshot. Rejects with what is in its way. */
	async begin(since: (Position & { view_id: string }) | undefined): Promise<void> {
		if (since === undefined || !(await this.#resume(since))) await this.#snapshot();
	}

	/** Reads everything anew: the page gets another snapshot. */
	async renew(): Promise<void> {
		if (this.#ended) return;
		if (this.#opening || this.#session.behind) {
			this.#lost = true;
			return;
		}
		this.#lost = false;
		this.#kept = null;
		this.#opening = true;
		// Before it asks for another: it never has two.
		this.#leave();
		try {
			await this.#snapshot();
		} catch (error) {
			if (this.#ended) return;
			this.#opening = false;
			this.#lost = true;
			this.#session.sendError(error, this.#sub);
			this.#retry = setTimeout(() => void this.renew(), RETRY);
		}
	}

	offer(changes: ViewChanges): void {
		if (this.#lost) return;
		if (!this.#opening && !this.#session.behind && this.#kept === null) {
			if (this.#session.add({ sub: this.#sub, changes })) this.#parts.touched(this.#session);
			return;
		}
		this.#kept ??= new ViewChanges();
		this.#kept.merge(changes);
		if (this.#kept.size <= MOST_KEPT) return;
		this.#kept = null;
		this.#lost = true;
	}

	/**
	 * Answers with rows of the view: one reading at a time, what is asked meanwhile is read together. A page that is behind
	 * gets them when it has caught up.
	 */
	async rows(message: MessageOf<"rows">): Promise<void> {
		this.#ask(message);
		if (this.#answering) return;
		this.#answering = true;
		try {
			while (this.#asked.size > 0 && this.#view !== null && !this.#opening && !this.#session.behind)
				await this.#answer(this.#view);
		} finally {
			this.#answering = false;
		}
	}

	show(view: View): void {
		if (this.#view !== view) this.#leave();
		this.#view = view;
		// Equal ones are kept once.
		this.#question = view.question;
	}

	caughtUp(): void {
		if (this.#opening) return;
		if (this.#lost) void this.renew();
		else this.#tellKept();
		const [asked] = this.#asked.values();
		if (asked !== undefined) this.rows(asked).catch((error) => this.#session.sendError(error, this.#sub));
	}

	end(): void {
		this.#ended = true;
		clearTimeout(this.#retry);
		this.#asked.clear();
		this.#parts.views.abandon(this.#question, this);
		// Who is still connected has said that it wants this no more.
		this.#leave(!this.#session.open);
	}

	#ask(message: MessageOf<"rows">): void {
		this.#asked.delete(message.from);
		this.#asked.set(message.from, message);
		const [oldest] = this.#asked.keys();
		if (this.#asked.size > MOST_ASKED && oldest !== undefined) this.#asked.delete(oldest);
	}

	async #answer(view: View): Promise<void> {
		const questions: { message: MessageOf<"rows">; ids: string[] }[] = [];
		let together = 0;
		for (const message of this.#asked.values()) {
			if (together > 0 && together + message.count > ROWS_TOGETHER) break;
			together += message.count;
			this.#asked.delete(message.from);
			questions.push({ message, ids: view.list.slice(message.from, message.count) });
		}
		const found = this.#there(await this.#parts.load(this.owner, [...new Set(questions.flatMap(({ ids }) => ids))]));
		if (this.#ended) return;
		for (const { message, ids } of questions) {
			if (this.#view !== view) {
				// The page looks at another view by now: what stands in the same places there is its answer.
				if (!this.#asked.has(message.from)) this.#ask(message);
				continue;
			}
			const rows = ids.map((id) => found.get(id)?.bytes.toString() ?? "null");
			this.#session.sendText(`{"type":"rows","sub":${this.#sub},"from":${message.from},"rows":[${rows.join(",")}]}`);
		}
	}

	async #resume({ boot_id, number, view_id }: Position & { view_id: string }): Promise<boolean> {
		const { views, feed, bootId } = this.#parts;
		const found = boot_id === bootId ? views.find(view_id, this.#question) : undefined;
		if (found === undefined || number > feed.number) return false;
		const { view, told } = found;
		const since = Math.min(number, told);
		const changed = feed.changedSince(since);
		if (changed === null || changed.size > MOST_MISSED) return false;
		view.tellAgain(since);
		views.watch(view, this);
		this.show(view);
		// Through the next round, like all changes: those who know them already drop what is not newer.
		feed.again(changed);
		const position = feed.number;
		const nothing = new ViewChanges();
		nothing.appeared = view.appeared;
		this.#opened();
		this.#session.add({ sub: this.#sub, changes: nothing });
		this.#session.flush(position);
		return true;
	}

	async #snapshot(): Promise<void> {
		const { views, feed, bootId } = this.#parts;
		const frozen = await views.freeze(this.#question, this);
		const view = this.#view;
		if (this.#ended || view === null) return;
		// What changed between the reading of the list and now may belong to it, or not any more.
		const changed = feed.changedSince(frozen.since);
		if (changed === null) this.#lost = true;
		else feed.again(changed);
		const position = { boot_id: bootId, number: feed.number };
		const ids = view.list.slice(0, FIRST_ROWS);
		frozen.rows ??= this.#parts.load(this.owner, ids);
		const found = this.#there(await frozen.rows);
		if (this.#ended) return;
		const rows = ids.flatMap((id) => found.get(id)?.bytes.toString() ?? []);
		const { total, list } = view;
		const start = { type: "snapshot", sub: this.#sub, view_id: view.view_id, position, total, listed: list.length };
		this.#session.sendText(`${JSON.stringify(start).slice(0, -1)},"rows":[${rows.join(",")}]}`);
		this.#opened();
	}

	/** The page has its beginning: what was kept meanwhile follows. */
	#opened(): void {
		this.#opening = false;
		if (!this.#session.behind) this.caughtUp();
	}

	/** Sends what was kept, in frames that are not too large, as far as the page takes them. */
	#tellKept(): void {
		const kept = this.#kept;
		if (kept === null) return;
		this.#kept = null;
		const rows = [...kept.rows];
		do {
			const part = new ViewChanges();
			for (const [id, stream] of rows.splice(0, CATCH_UP)) part.addRow(stream, !kept.left.has(id));
			for (const id of kept.gone) part.addGone(id);
			kept.gone.clear();
			part.appeared = kept.appeared;
			this.#session.add({ sub: this.#sub, changes: part });
			this.#session.flush(this.#parts.feed.number);
		} while (rows.length > 0 && !this.#session.behind);
		if (rows.length === 0) return;
		const rest = new ViewChanges();
		for (const [id, stream] of rows) rest.addRow(stream, !kept.left.has(id));
		rest.appeared = kept.appeared;
		this.#kept = rest;
	}

	#there(rows: readonly LoadedStream[]): Map<string, LoadedStream> {
		// One that was deleted while it was read does not come back; one that left the scope does not exist.
		const there = rows.flatMap((row) => {
			if (this.#parts.feed.isGone(row.stream_id)) return [];
			return row.within(this.#session.caller) ?? [];
		});
		return new Map(there.map((row) => [row.stream_id, row]));
	}

	#leave(comesBack = false): void {
		const view = this.#view;
		this.#view = null;
		if (view !== null) this.#parts.views.leave(view, this, comesBack);
	}
}
