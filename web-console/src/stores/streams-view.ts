import { type ReadonlySignal, signal } from "@preact/signals";
import type { ConsoleFilter, ConsoleOrder, ConsoleRow, Position } from "../../../client/console/protocol.ts";
import type { Connection, Subscription } from "../socket/connection.ts";
import type { Changes, Heard, Question } from "../socket/messages.ts";
import { Frames, type NextFrame } from "./frames.ts";
import { Slots } from "./slots.ts";

/** Rows that are asked for together. */
const WINDOW = 100;
/** Windows that may be asked for and not have come; a scroll from one end to the other asks for what it stops at. */
const MAX_ASKED = 4;
/** Rows that are kept on either side of what is on screen. */
const KEPT = 1000;
const MAX_WATCHED = 500;

export interface ViewQuestion {
	readonly filter: ConsoleFilter;
	readonly order: ConsoleOrder;
}

/** What stands above a view. */
export interface ViewHead {
	/** `asking`: nothing is shown yet. */
	readonly state: "asking" | "shown" | "failed";
	/** Counts the snapshots: another number stands for other rows in the same places. */
	readonly round: number;
	readonly view_id: string;
	/** How many match, and how many of them can be scrolled to. */
	readonly total: number;
	readonly listed: number;
	/** Match now and are not in the view. */
	readonly appeared: number;
	/** Are in the view and do not match any more. */
	readonly strayed: number;
	/** Failed since it was shown. */
	readonly failed: number;
	/** Something has another status than when it was shown: in an order of problems it would stand elsewhere. */
	readonly moved: boolean;
	readonly failure: string;
}

type Change =
	| { kind: "row"; row: ConsoleRow; left: boolean }
	| { kind: "gone" }
	| { kind: "members"; members: Partial<ConsoleRow> };

const NOTHING: ViewHead = {
	state: "asking",
	round: 0,
	view_id: "",
	total: 0,
	listed: 0,
	appeared: 0,
	strayed: 0,
	failed: 0,
	moved: false,
	failure: "",
};

/**
 * A list of streams of any length that stands still: its rows and their order are those of one moment, what the rows say is
 * what is now. Rows come as they are looked at.
 */
export class StreamsView {
	readonly #head = signal<ViewHead>(NOTHING);
	readonly #subscription: Subscription;
	readonly #frames: Frames<string, Change>;
	#question: ViewQuestion;
	#slots = new Slots();
	#asked = new Set<number>();
	#from = 0;
	#to = 0;
	#watched = "";
	/** Asked for something else than what is shown: then nothing can be resumed. */
	#pending = true;
	/** Asked again after a break, and not answered yet. */
	#renewed = false;
	#retried = false;
	readonly #failed = new Set<string>();
	/** Whose ids somebody waits for. */
	readonly #ranges = new Set<{ first: number; last: number; resolve: (ids: string[]) => void }>();

	constructor(connection: Pick<Connection, "subscribe">, question: ViewQuestion, nextFrame: NextFrame) {
		this.#question = question;
		this.#frames = new Frames(nextFrame, (changes) => this.#apply(changes));
		this.#subscription = connection.subscribe({
			question: (since) => this.#asQuestion(since),
			hear: (message) => this.#hear(message),
		});
	}

	get head(): ReadonlySignal<ViewHead> {
		return this.#head;
	}

	/** The rows of the present round, by their places. */
	get slots(): Slots {
		return this.#slots;
	}

	/** Looks at something else; what is shown stays until the answer is there. */
	ask(question: ViewQuestion): void {
		this.#question = question;
		this.refresh();
	}

	/** Shows what matches now, in the order that it has now. */
	refresh(): void {
		this.#pending = true;
		this.#subscription.ask();
	}

	/** Says what is on screen: rows `from` to `to`, both included. */
	look(from: number, to: number): void {
		this.#from = Math.max(0, from);
		this.#to = Math.max(this.#from, to);
		this.#slots.prune(this.#from, this.#to, KEPT);
		this.#fetch();
		this.#watch();
	}

	/** Ids of the rows of a range, those that were never looked at included. What becomes of the range when another view is shown is nothing. */
	ids(from: number, to: number): Promise<string[]> {
		const [first, last] = [Math.max(0, Math.min(from, to)), Math.min(Math.max(from, to), this.#head.peek().listed - 1)];
		return new Promise((resolve) => {
			this.#ranges.add({ first, last, resolve });
			this.#settle();
			this.#fetch();
		});
	}

	/** Ids of the rows of a range as far as they are known. */
	idsBetween(from: number, to: number): string[] {
		const ids: string[] = [];
		for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
			const id = this.#slots.idAt(index);
			if (id !== undefined) ids.push(id);
		}
		return ids;
	}

	end(): void {
		this.#subscription.end();
		this.#frames.clear();
		for (const { resolve } of this.#ranges) resolve([]);
		this.#ranges.clear();
	}

	#asQuestion(since: Position | null): Question {
		this.#asked.clear();
		this.#watched = "";
		this.#renewed = true;
		const { view_id } = this.#head.peek();
		const question = { op: "streams" as const, ...this.#question };
		return since === null || this.#pending ? question : { ...question, since: { ...since, view_id } };
	}

	#hear(message: Heard): void {
		switch (message.type) {
			case "snapshot": {
				for (const { resolve } of this.#ranges) resolve([]);
				this.#ranges.clear();
				this.#pending = false;
				this.#retried = false;
				this.#frames.clear();
				this.#failed.clear();
				this.#slots = new Slots();
				this.#slots.fill(0, message.rows);
				const { view_id, total, listed } = message;
				const round = this.#head.peek().round + 1;
				this.#head.value = { ...NOTHING, state: "shown", round, view_id, total, listed };
				this.#again();
				return;
			}
			case "rows":
				// Of a view that is not shown any more.
				if (!this.#asked.delete(message.from)) return;
				this.#slots.fill(message.from, message.rows);
				this.#slots.prune(this.#from, this.#to, KEPT);
				this.#settle();
				this.#fetch();
				this.#watch();
				return;
			case "changes":
				this.#onChanges(message);
				return;
			case "telemetry":
				for (const { stream_id, ...members } of message.rows) this.#putMembers(stream_id, members);
				return;
			case "error":
				// The service has let go of the view, perhaps. That a second one is refused has another reason.
				if (!this.#retried) {
					this.#retried = true;
					this.refresh();
					return;
				}
				this.#head.value = { ...this.#head.peek(), state: "failed", failure: `${message.desc}: ${message.detail}` };
				return;
			default:
		}
	}

	#onChanges({ rows, left, gone, appeared }: Changes): void {
		const strays = new Set(left);
		for (const row of rows) this.#putRow(row, strays.has(row.stream_id));
		for (const id of gone) this.#frames.put(id, { kind: "gone" });
		const head = this.#head.peek();
		if (head.appeared !== appeared) this.#head.value = { ...head, appeared };
		// After a break nothing is on its way any more: what is missing is asked for again.
		if (this.#renewed) this.#again();
	}

	#putRow(row: ConsoleRow, left: boolean): void {
		const waiting = this.#frames.get(row.stream_id);
		if (waiting?.kind === "gone" || (waiting?.kind === "row" && waiting.row.revision > row.revision)) return;
		this.#frames.put(row.stream_id, { kind: "row", row, left });
	}

	#putMembers(stream_id: string, members: Partial<ConsoleRow>): void {
		const waiting = this.#frames.get(stream_id);
		if (waiting === undefined) this.#frames.put(stream_id, { kind: "members", members });
		else if (waiting.kind === "row") this.#frames.put(stream_id, { ...waiting, row: { ...waiting.row, ...members } });
		else if (waiting.kind === "members") {
			this.#frames.put(stream_id, { kind: "members", members: { ...waiting.members, ...members } });
		}
	}

	#apply(changes: ReadonlyMap<string, Change>): void {
		let moved = false;
		for (const [id, change] of changes) {
			if (change.kind === "row") moved = this.#update(change.row, change.left) || moved;
			else if (change.kind === "members") this.#slots.patch(id, change.members);
			else this.#slots.remove(id);
		}
		const head = this.#head.peek();
		const next = { ...head, strayed: this.#slots.strayed, failed: this.#failed.size, moved: head.moved || moved };
		if (next.strayed !== head.strayed || next.failed !== head.failed || next.moved !== head.moved)
			this.#head.value = next;
	}

	/** Whether it has another status than it is known to have had. */
	#update(row: ConsoleRow, left: boolean): boolean {
		const before = this.#slots.slotOf(row.stream_id)?.row.status;
		this.#slots.update(row, left);
		if (before === row.status) return false;
		if (row.status === "failure") this.#failed.add(row.stream_id);
		else this.#failed.delete(row.stream_id);
		return true;
	}

	#again(): void {
		this.#renewed = false;
		this.#fetch();
		this.#watch();
	}

	#fetch(): void {
		const { listed } = this.#head.peek();
		const last = Math.min(this.#to, listed - 1);
		this.#fetchRange(this.#from, last, (index) => this.#slots.has(index));
		for (const range of this.#ranges) this.#fetchRange(range.first, range.last, (index) => this.#slots.knows(index));
	}

	#fetchRange(first: number, last: number, has: (index: number) => boolean): void {
		const { listed } = this.#head.peek();
		for (let from = first - (first % WINDOW); from <= last; from += WINDOW) {
			if (this.#asked.size >= MAX_ASKED) return;
			const end = Math.min(from + WINDOW, listed);
			if (this.#asked.has(from) || !lacks(Math.max(from, first), Math.min(end - 1, last), has)) continue;
			this.#asked.add(from);
			this.#subscription.say({ op: "rows", from, count: end - from });
		}
	}

	#settle(): void {
		for (const range of this.#ranges) {
			if (lacks(range.first, range.last, (index) => this.#slots.knows(index))) continue;
			this.#ranges.delete(range);
			range.resolve(this.idsBetween(range.first, range.last));
		}
	}

	#watch(): void {
		if (this.#head.peek().state !== "shown") return;
		const stream_ids = this.idsBetween(this.#from, Math.min(this.#to, this.#from + MAX_WATCHED - 1));
		const said = stream_ids.join();
		if (said === this.#watched) return;
		this.#watched = said;
		this.#subscription.say({ op: "watch", stream_ids });
	}
}

function lacks(from: number, to: number, has: (index: number) => boolean): boolean {
	for (let index = from; index <= to; index++) if (!has(index)) return true;
	return false;
}
