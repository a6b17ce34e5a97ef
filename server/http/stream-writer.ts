import type { Writer } from "./reply.ts";
import type { HttpResponse } from "./uws.ts";
import { type Keeper, WaitingChunks } from "./waiting-chunks.ts";

/**
 * uWebSockets.js takes whatever it is given and buffers it. It is fed in pieces, so that what it holds beyond the
 * kernel's buffer is one piece at most and the rest stays here, where it is counted.
 */
const piece = 65_536;
/** What a client that does not read may cost in bytes, before its connection is closed. */
const bound = 16 * 1_048_576;
/** What all clients of this process cost that do not read. */
const ofAll = new WaitingChunks();

/** A chunk of which the bytes from `at` on were not handed over yet: the whole of it stays in memory. */
interface Rest {
	readonly chunk: Uint8Array;
	readonly at: number;
}

/** The `Writer` of one streaming answer (contract, section 11): corked, and bounded for a client that does not read. */
export class StreamWriter implements Writer, Keeper {
	readonly #response: HttpResponse;
	readonly #finished: () => void;
	readonly #guard: (work: () => void) => void;
	readonly #waiting: WaitingChunks;
	#queue: Rest[] = [];
	#queued = 0;
	#behind = false;
	#told = false;
	#ending = false;
	#closed = false;
	#gone = false;
	#drained: () => void = () => undefined;
	#left: (() => void) | undefined;

	/**
	 * `finished` is called once when the answer has ended; not when the client goes, which the owner knows by itself.
	 * `guard` runs what must not throw where it is called. `waiting` counts what waits for clients.
	 */
	constructor(
		response: HttpResponse,
		finished: () => void,
		guard: (work: () => void) => void,
		waiting: WaitingChunks = ofAll,
	) {
		this.#response = response;
		this.#finished = finished;
		this.#guard = guard;
		this.#waiting = waiting;
		response.onWritable(() => {
			// The server empties its own buffer after this call, and only then can it be told whether there is room.
			setImmediate(() => guard(() => this.#resume()));
			return true;
		});
	}

	write(chunk: Uint8Array): boolean {
		if (this.#closed || this.#ending) return true;
		this.#pass({ chunk, at: 0 });
		this.#told = this.#behind;
		return !this.#behind;
	}

	onDrain(callback: () => void): void {
		this.#drained = callback;
	}

	onGone(callback: () => void): void {
		if (this.#gone) callback();
		else this.#left = callback;
	}

	end(): void {
		if (this.#closed || this.#ending) return;
		this.#ending = true;
		if (this.#queue.length === 0) this.#finish();
	}

	/** The client is gone: nothing of the response may be touched from now on. */
	abort(): void {
		if (this.#closed) return;
		this.#close();
		this.#leave();
	}

	/** The server stops: the answer ends here, and whoever writes it is told. */
	cut(): void {
		if (this.#closed) return;
		this.#finish();
		this.#leave();
	}

	#leave(): void {
		this.#gone = true;
		const left = this.#left;
		this.#left = undefined;
		this.#guard(() => left?.());
	}

	/** Nothing of it is kept any longer: its connection is closed, which calls `abort` by way of the owner. */
	letGo(): void {
		if (!this.#closed) this.#response.close();
	}

	/** Hands over what the client takes, and keeps the rest. */
	#pass({ chunk, at }: Rest): void {
		let next = at;
		if (!this.#behind)
			this.#response.cork(() => {
				for (; next < chunk.length && !this.#behind; next += piece)
					this.#behind = !this.#response.write(chunk.subarray(next, next + piece));
			});
		if (next < chunk.length) this.#keep({ chunk, at: next });
	}

	#keep(rest: Rest): void {
		this.#queued += rest.chunk.length - rest.at;
		if (this.#queued > bound) {
			this.letGo();
			return;
		}
		this.#queue.push(rest);
		this.#waiting.keep(rest.chunk, this);
	}

	/** Takes out what is kept. */
	#release(): Rest[] {
		const kept = this.#queue;
		this.#queue = [];
		this.#queued = 0;
		this.#waiting.release(
			kept.map(({ chunk }) => chunk),
			this,
		);
		return kept;
	}

	#resume(): void {
		if (this.#closed) return;
		this.#behind = false;
		for (const rest of this.#release()) {
			this.#pass(rest);
			if (this.#closed) return;
		}
		if (this.#behind) return;
		if (this.#ending) {
			this.#finish();
		} else if (this.#told) {
			this.#told = false;
			this.#drained();
		}
	}

	#finish(): void {
		this.#close();
		this.#response.cork(() => this.#response.end());
		this.#finished();
	}

	#close(): void {
		this.#closed = true;
		this.#release();
	}
}
