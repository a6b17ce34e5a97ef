/** Does one thing after the other: of what is given while one is under way only the newest is done then. */
export class Latest<T> {
	readonly #work: (value: T) => Promise<void>;
	#next: { value: T } | null = null;
	#busy = false;
	/** What was given last. */
	newest: T | undefined;

	/** @param work never rejects */
	constructor(work: (value: T) => Promise<void>) {
		this.#work = work;
	}

	/** Resolves when it was done, or will be by somebody who came before. */
	async give(value: T): Promise<void> {
		this.newest = value;
		this.#next = { value };
		if (this.#busy) return;
		this.#busy = true;
		for (let next: { value: T } | null = this.#next; next !== null; next = this.#next) {
			this.#next = null;
			await this.#work(next.value);
		}
		this.#busy = false;
	}

	/** What was given and has not begun is not done. */
	forget(): void {
		this.#next = null;
		this.newest = undefined;
	}
}
