/** How long to wait after so many failures in a row, in milliseconds: every second, then less often, up to 5 s. */
export function pauseAfter(failures: number): number {
	return Math.min(5000, 1000 * Math.max(1, failures));
}

export interface PollingEvents {
	/** @param signal aborted when the page is hidden */
	readonly ask: (signal: AbortSignal) => Promise<void>;
	readonly onState: (state: "connected" | "lost" | "paused") => void;
}

/** Asks once a second while the page is seen, one question at a time, and less often while nobody answers. */
export class Polling {
	readonly #events: PollingEvents;
	#abort: AbortController | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(events: PollingEvents) {
		this.#events = events;
	}

	start(): void {
		document.addEventListener("visibilitychange", () => {
			if (document.hidden) this.#pause();
			else this.#resume();
		});
		if (document.hidden) this.#pause();
		else this.#resume();
	}

	#resume(): void {
		if (this.#abort !== undefined) return;
		const abort = new AbortController();
		this.#abort = abort;
		void this.#round(abort.signal, 0);
	}

	#pause(): void {
		clearTimeout(this.#timer);
		this.#abort?.abort();
		this.#abort = undefined;
		this.#events.onState("paused");
	}

	async #round(signal: AbortSignal, failuresBefore: number): Promise<void> {
		let failures = 0;
		try {
			await this.#events.ask(signal);
			if (!signal.aborted) this.#events.onState("connected");
		} catch {
			// Not there, too slow, or an error: the badge tells, and the next round tries again.
			failures = failuresBefore + 1;
			if (!signal.aborted) this.#events.onState("lost");
		}
		if (signal.aborted) return;
		this.#timer = setTimeout(() => void this.#round(signal, failures), pauseAfter(failures));
	}
}
