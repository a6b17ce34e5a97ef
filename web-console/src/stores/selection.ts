import { type ReadonlySignal, signal } from "@preact/signals";

/** What is selected: streams one by one, or all that match, however many and whichever that will be. */
export type Selected = { readonly kind: "some"; readonly ids: ReadonlySet<string> } | { readonly kind: "all" };

const NONE: Selected = { kind: "some", ids: new Set() };

/** Which streams an action is for. Kept by id, so that it holds when rows move. */
export class Selection {
	readonly #selected = signal<Selected>(NONE);
	/** The row that a range begins at. */
	#anchor = 0;

	get selected(): ReadonlySignal<Selected> {
		return this.#selected;
	}

	get anchor(): number {
		return this.#anchor;
	}

	has(stream_id: string): boolean {
		const selected = this.#selected.value;
		return selected.kind === "all" || selected.ids.has(stream_id);
	}

	/** Adds one, or takes it away. Of "all" nothing can be taken away: it becomes this one. */
	toggle(stream_id: string, index: number): void {
		this.#anchor = index;
		const selected = this.#selected.peek();
		const ids = new Set(selected.kind === "all" ? [] : selected.ids);
		if (!ids.delete(stream_id)) ids.add(stream_id);
		this.#selected.value = { kind: "some", ids };
	}

	/** This one and no other. */
	only(stream_id: string, index: number): void {
		this.#anchor = index;
		this.#selected.value = { kind: "some", ids: new Set([stream_id]) };
	}

	/** Adds these, as a range from the anchor. */
	add(stream_ids: readonly string[]): void {
		const selected = this.#selected.peek();
		this.#selected.value = {
			kind: "some",
			ids: new Set([...(selected.kind === "all" ? [] : selected.ids), ...stream_ids]),
		};
	}

	all(): void {
		this.#selected.value = { kind: "all" };
	}

	clear(): void {
		if (this.#selected.peek() !== NONE) this.#selected.value = NONE;
	}
}
