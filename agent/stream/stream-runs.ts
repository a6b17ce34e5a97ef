import type { TakenStream } from "../api/taken-stream.ts";
import type { StreamRun } from "./stream-run.ts";

/** The streams in work. There are as many slots as the agent was given; one is free again when nothing of its run is left. */
export class StreamRuns {
	readonly #slots: number;
	readonly #start: (stream: TakenStream, gone: (run: StreamRun) => void) => StreamRun;
	/** The present run of each stream. */
	readonly #runs = new Map<string, StreamRun>();
	/** All runs, those included that a newer one of the same stream has replaced and that are still ending. */
	readonly #all = new Set<StreamRun>();
	readonly #waiting = new Set<() => void>();

	/** `start` makes a run and starts it; the run tells when nothing of it is left. */
	constructor(slots: number, start: (stream: TakenStream, gone: (run: StreamRun) => void) => StreamRun) {
		this.#slots = slots;
		this.#start = start;
	}

	get free(): number {
		return Math.max(0, this.#slots - this.#all.size);
	}

	get size(): number {
		return this.#all.size;
	}

	/** Starts a run; an older one of the same stream ends, since a take makes it obsolete. */
	add(stream: TakenStream): void {
		this.#runs.get(stream.stream_id)?.leave();
		const run = this.#start(stream, (gone) => this.#remove(gone));
		this.#runs.set(stream.stream_id, run);
		this.#all.add(run);
	}

	/** The runs that have something to report. */
	present(): StreamRun[] {
		return [...this.#runs.values()];
	}

	/** Resolves when something has changed about the slots, or the signal is aborted. */
	changed(signal: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			if (signal.aborted) return resolve();
			const end = () => {
				this.#waiting.delete(end);
				signal.removeEventListener("abort", end);
				resolve();
			};
			this.#waiting.add(end);
			signal.addEventListener("abort", end, { once: true });
		});
	}

	#remove(run: StreamRun): void {
		this.#all.delete(run);
		if (this.#runs.get(run.stream.stream_id) === run) this.#runs.delete(run.stream.stream_id);
		for (const wake of [...this.#waiting]) wake();
	}
}
