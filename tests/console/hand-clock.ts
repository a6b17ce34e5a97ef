import type { Timers } from "../../web-console/src/socket/wire.ts";

/** Timers that go off when a test says so, in their order. */
export class HandClock implements Timers {
	#now = 0;
	readonly #timers = new Map<object, { at: number; callback: () => void }>();

	set(callback: () => void, ms: number): object {
		const timer = {};
		this.#timers.set(timer, { at: this.#now + ms, callback });
		return timer;
	}

	clear(timer: unknown): void {
		if (typeof timer === "object" && timer !== null) this.#timers.delete(timer);
	}

	now(): number {
		return this.#now;
	}

	get waiting(): number {
		return this.#timers.size;
	}

	/** Lets time go by, with everything that is due in it. */
	pass(ms: number): void {
		const end = this.#now + ms;
		for (;;) {
			const [next] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
			if (next === undefined) break;
			this.#timers.delete(next[0]);
			this.#now = next[1].at;
			next[1].callback();
		}
		this.#now = end;
	}
}
