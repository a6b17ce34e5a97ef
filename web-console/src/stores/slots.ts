import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ConsoleRow } from "../../../client/console/protocol.ts";

/** A row of a view as it is shown. */
export interface Slot {
	readonly row: ConsoleRow;
	/** `left`: it does not match any more; `gone`: deleted. Both stay in their place until the view is shown anew. */
	readonly state: "here" | "left" | "gone";
}

/** What is known of a row of a view that cannot be shown: not asked for yet, or deleted before it was. */
export type Unknown = "unasked" | "gone";

/**
 * The rows of a view by their place in it, one signal each. Holds the ids of all that it has seen, and the rows themselves of the
 * last few windows only: a table that was scrolled from one end to the other holds no more than one that was not.
 */
export class Slots {
	readonly #signals = new Map<number, Signal<Slot | Unknown>>();
	readonly #indexes = new Map<string, number>();
	/** "" stands for one that was deleted before it was asked for. */
	readonly #ids: (string | undefined)[] = [];
	readonly #left = new Set<string>();
	readonly #gone = new Set<string>();

	/** How many rows do not match any more, deleted ones included. */
	get strayed(): number {
		return this.#left.size + this.#gone.size;
	}

	get held(): number {
		return this.#signals.size;
	}

	at(index: number): ReadonlySignal<Slot | Unknown> {
		return this.#signalAt(index);
	}

	idAt(index: number): string | undefined {
		return this.#ids[index] || undefined;
	}

	/** Whether this row, or one that is deleted now, has ever come. */
	knows(index: number): boolean {
		return this.#ids[index] !== undefined;
	}

	indexOf(stream_id: string): number | undefined {
		return this.#indexes.get(stream_id);
	}

	has(index: number): boolean {
		return (this.#signals.get(index)?.peek() ?? "unasked") !== "unasked";
	}

	/** The shown row of a stream. */
	slotOf(stream_id: string): Slot | undefined {
		const index = this.#indexes.get(stream_id);
		const slot = index === undefined ? undefined : this.#signals.get(index)?.peek();
		return typeof slot === "object" ? slot : undefined;
	}

	/** Rows of a window came in. One that is older than what is known is not taken. */
	fill(from: number, rows: readonly (ConsoleRow | null)[]): void {
		rows.forEach((row, at) => {
			const index = from + at;
			const slot = this.#signalAt(index);
			if (row === null) {
				this.#ids[index] ??= "";
				if (slot.peek() === "unasked") slot.value = "gone";
				return;
			}
			this.#ids[index] = row.stream_id;
			this.#indexes.set(row.stream_id, index);
			this.#show(slot, row);
		});
	}

	/** A stream of the view is now like this. */
	update(row: ConsoleRow, left: boolean): void {
		if (this.#gone.has(row.stream_id)) return;
		const known = this.slotOf(row.stream_id);
		if (known !== undefined && known.row.revision > row.revision) return;
		if (left) this.#left.add(row.stream_id);
		else this.#left.delete(row.stream_id);
		const index = this.#indexes.get(row.stream_id);
		const slot = index === undefined ? undefined : this.#signals.get(index);
		if (slot !== undefined) this.#show(slot, row);
	}

	/** Changes members that have no revision. */
	patch(stream_id: string, members: Partial<ConsoleRow>): void {
		const index = this.#indexes.get(stream_id);
		const slot = index === undefined ? undefined : this.#signals.get(index);
		const shown = slot?.peek();
		if (slot !== undefined && typeof shown === "object") slot.value = { ...shown, row: { ...shown.row, ...members } };
	}

	/** A stream of the view was deleted. */
	remove(stream_id: string): void {
		this.#left.delete(stream_id);
		this.#gone.add(stream_id);
		const index = this.#indexes.get(stream_id);
		const slot = index === undefined ? undefined : this.#signals.get(index);
		const shown = slot?.peek();
		if (slot !== undefined && typeof shown === "object") slot.value = { ...shown, state: "gone" };
	}

	/** Lets go of rows that are far from a window; their ids stay. */
	prune(from: number, to: number, keep: number): void {
		for (const index of this.#signals.keys()) {
			if (index < from - keep || index > to + keep) this.#signals.delete(index);
		}
	}

	#signalAt(index: number): Signal<Slot | Unknown> {
		const known = this.#signals.get(index);
		if (known !== undefined) return known;
		const made = signal<Slot | Unknown>("unasked");
		this.#signals.set(index, made);
		return made;
	}

	#show(slot: Signal<Slot | Unknown>, row: ConsoleRow): void {
		const shown = slot.peek();
		if (typeof shown === "object" && shown.row.stream_id === row.stream_id && shown.row.revision > row.revision) return;
		const state = this.#gone.has(row.stream_id) ? "gone" : this.#left.has(row.stream_id) ? "left" : "here";
		slot.value = { row, state };
	}
}
