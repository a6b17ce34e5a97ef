import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { bodyOf, type Draft } from "./draft.ts";
import type { PlacedError } from "./invalid-body.ts";
import { type Problems, validateStream } from "./validate.ts";

/** What somebody has filled in, and what is wrong with it. Messages wait until a field was left or sending was tried. */
export class FormState {
	readonly #draft;
	readonly #left = signal<ReadonlySet<string>>(new Set());
	readonly #tried = signal(false);
	readonly #refusal = signal<PlacedError | null>(null);
	readonly #before: string;
	readonly problems: ReadonlySignal<Problems>;
	/** What is wrong with the form as a whole: nothing that a field shows. */
	readonly general: ReadonlySignal<string>;

	constructor(draft: Draft) {
		this.#draft = signal(draft);
		this.#before = JSON.stringify(draft);
		this.problems = computed(() => validateStream(bodyOf(this.#draft.value)));
		this.general = computed(() => (this.#refusal.value?.path === "" ? this.#refusal.value.message : ""));
	}

	get draft(): Draft {
		return this.#draft.value;
	}

	get changed(): boolean {
		return JSON.stringify(this.#draft.value) !== this.#before;
	}

	/** How many fields are wrong, once sending was tried. */
	get wrong(): number {
		return this.#tried.value ? this.problems.value.size : 0;
	}

	set(changes: Draft): void {
		batch(() => {
			this.#draft.value = { ...this.#draft.peek(), ...changes };
			// What the service said of another value says nothing of this one.
			const refused = this.#refusal.peek()?.path;
			if (refused !== undefined && Object.keys(changes).some((path) => path === refused || refused === ""))
				this.#refusal.value = null;
		});
	}

	/** The focus has left a field: what is wrong with it may be said now. */
	leave(path: string): void {
		if (!this.#left.peek().has(path)) this.#left.value = new Set(this.#left.peek()).add(path);
	}

	/** What is wrong at a path; "" when nothing is, or when it is too early to say. */
	messageAt(path: string): string {
		const refusal = this.#refusal.value;
		if (refusal?.path === path && path !== "") return refusal.message;
		return this.#tried.value || this.#left.value.has(path) ? (this.problems.value.get(path) ?? "") : "";
	}

	/** The body to send, or undefined when something is wrong with it, which is shown from now on. */
	body(): unknown {
		batch(() => {
			this.#tried.value = true;
			this.#refusal.value = null;
		});
		return this.problems.peek().size > 0 ? undefined : bodyOf(this.#draft.peek());
	}

	/** What the fields say, unless something is wrong with those that it concerns: that is shown from now on. */
	bodyIf(concerns: (path: string) => boolean): unknown {
		const wrong = [...this.problems.peek().keys()].filter(concerns);
		if (wrong.length === 0) return bodyOf(this.#draft.peek());
		this.#left.value = new Set([...this.#left.peek(), ...wrong]);
		return undefined;
	}

	refuse(error: PlacedError): void {
		this.#refusal.value = error;
	}
}
