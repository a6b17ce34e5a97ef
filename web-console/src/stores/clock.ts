import { type ReadonlySignal, signal } from "@preact/signals";

/**
 * The service's time, which the times in rows are of; the browser's own clock may be wrong. One timer moves it for everybody who shows
 * an age or a countdown.
 */
export class Clock {
	readonly #now = signal(Date.now());
	#offset = 0;

	/** Milliseconds since 1970, moved by every `tick`. */
	get now(): ReadonlySignal<number> {
		return this.#now;
	}

	/** The service has just said what time it is. */
	set(serviceNow: number): void {
		this.#offset = serviceNow - Date.now();
		this.tick();
	}

	tick(): void {
		this.#now.value = Date.now() + this.#offset;
	}
}
