import type { Writer } from "./reply.ts";
import type { HttpResponse } from "./uws.ts";

/**
 * uWebSockets.js takes whatever it is given and buffers it. It is fed in pieces, so that what it holds beyond the
 * kernel's buffer is one piece at most and the rest stays here, where it is counted.
 */
const piece = 65_536;
/** What a client that does not read may cost in bytes, before its connection is closed. */
const bound = 16 * 1_048_576;

/** The `Writer` of one streaming answer (contract, section 11): corked, and bounded for a client that does not read. */
export class StreamWriter implements Writer {
	readonly #response: HttpResponse;
	readonly #finished: () => void;
	readonly #guard: (work: () => void) => void;
	#queue: Uint8Array[] = [];
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
	 * `guard` runs what must not throw where it is called.
	 */
	constructor(response: HttpResponse, finished: () => void, guard: (work: () => void) => void) {
		this.#response = response;
		this.#finished = finished;
		this.#guard = guard;
		response.onWritable(() => {
			// The server empties its own buffer after this call, and only then can it be told whether there is room.
			setImmediate(() => guard(() => this.#resume()));
			return true;
		});
	}

	write(chunk: Uint8Array): boolean {
		if (this.#closed || this.#ending) return true;
		if (this.#behind) this.#keep(chunk);
		else this.#send(chunk);
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

	#send(chunk: Uint8Array): void {
		this.#response.cork(() => {
			for (let at = 0; at < chunk.length; at += piece) {
				if (this.#response.write(chunk.subarray(at, at + piece))) continue;
				this.#behind = true;
				if (at + piece < chunk.length) this.#keep(chunk.subarray(at + piece));
				return;
			}
		});
	}

	#keep(chunk: Uint8Array): void {
		this.#queued += chunk.length;
		// Closing calls `abort` by way of the owner.
		if (this.#queued > bound) this.#response.close();
		else this.#queue.push(chunk.slice());
	}

	#resume(): void {
		if (this.#closed) return;
		this.#behind = false;
		const waiting = this.#queue;
		this.#queue = [];
		this.#queued = 0;
		for (const chunk of waiting) {
			if (this.#behind) this.#keep(chunk);
			else this.#send(chunk);
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
		this.#queue = [];
		this.#queued = 0;
	}
}
