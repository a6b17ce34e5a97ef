import type { Clock } from "../../actors/clock.ts";
import type { Fault } from "../../persistence/fault.ts";
import type { PartEncoder } from "./part-encoder.ts";
import { refused } from "./refusal.ts";
import type { LiveSink } from "./sink.ts";

/** A live preview that has its first picture and waits for the answer that it is written to. */
export interface LiveView {
	/** The answer's Content-Type, with its boundary. */
	readonly contentType: string;
	/** Writes pictures to the body of the answer until the upstream ends or the client is gone. To be called once, after the head was written. */
	pipe(sink: LiveSink): void;
	/** Leaves without an answer, or ends it. Safe to call at any time. */
	close(): void;
}

/**
 * One who watches. It holds at most one picture that could not be written yet, the newest: a slow client misses
 * pictures and costs no more memory than one. A client that takes nothing for `patience` is given up.
 */
export class LiveViewer implements LiveView {
	/** The view, once there is a first picture. Rejects if the upstream ends, or the viewer leaves, before. */
	readonly ready: Promise<LiveView>;
	readonly #encoder: PartEncoder;
	readonly #clock: Clock;
	/** Milliseconds. */
	readonly #patience: number;
	readonly #onLeave: (viewer: LiveViewer) => void;
	#settle: { resolve: (view: LiveView) => void; reject: (fault: Fault) => void } | null = null;
	#sink: LiveSink | null = null;
	#newest: Uint8Array | null = null;
	/** When the sink became full, or null while it is not. */
	#fullSince: number | null = null;
	#ended = false;

	constructor(encoder: PartEncoder, clock: Clock, patience: number, onLeave: (viewer: LiveViewer) => void) {
		this.#encoder = encoder;
		this.#clock = clock;
		this.#patience = patience;
		this.#onLeave = onLeave;
		this.ready = new Promise((resolve, reject) => {
			this.#settle = { resolve, reject };
		});
	}

	get contentType(): string {
		return this.#encoder.contentType;
	}

	/** A new picture, encoded as a part. */
	offer(part: Uint8Array): void {
		if (this.#ended) return;
		this.#newest = part;
		this.#settle?.resolve(this);
		this.#flush();
		if (this.#fullSince !== null && this.#clock.monotonic() - this.#fullSince > this.#patience) this.close();
	}

	pipe(sink: LiveSink): void {
		this.#sink = sink;
		sink.onDrain(() => {
			this.#fullSince = null;
			this.#flush();
		});
		sink.onGone(() => {
			this.#sink = null;
			this.close();
		});
		this.#write(this.#encoder.opening);
		this.#flush();
		if (this.#ended) this.#endSink();
	}

	close(): void {
		this.#onLeave(this);
		this.#settle?.reject(refused("the client is gone"));
		this.#endSink();
	}

	/** The upstream is at its end: with it ends the answer, and `fault` is the answer if there was no picture. */
	end(fault: Fault): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#settle?.reject(fault);
		if (this.#sink !== null) this.#endSink();
	}

	#flush(): void {
		if (this.#newest === null || this.#fullSince !== null || this.#sink === null) return;
		const part = this.#newest;
		this.#newest = null;
		this.#write(part);
	}

	#write(chunk: Uint8Array): void {
		if (this.#sink?.write(chunk) === false) this.#fullSince = this.#clock.monotonic();
	}

	#endSink(): void {
		this.#ended = true;
		const sink = this.#sink;
		this.#sink = null;
		this.#newest = null;
		// A client that is behind is ended without a word more.
		if (this.#fullSince === null) sink?.write(this.#encoder.closing);
		sink?.end();
	}
}
