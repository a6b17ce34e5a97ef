const smallest = 16_384;
/** Room that is this many times what was needed of it lately is given back. */
const lavish = 8;

/**
 * The bytes that arrived and are not used yet, in one piece. Appending costs a copy of what is appended; the whole is
 * moved only when the room is used up, so that a picture that drips in byte by byte costs no more than its size.
 * Who uses it bounds it, by taking bytes out.
 */
export class ByteWindow {
	readonly #most: number;
	#room: Buffer = Buffer.allocUnsafe(smallest);
	#start = 0;
	#end = 0;
	/** The most bytes that were in it since the room was looked at. */
	#peak = 0;

	/** @param most bytes that are in it at a time, as far as is known: no more room than that is taken ahead. */
	constructor(most = Number.POSITIVE_INFINITY) {
		this.#most = most;
	}

	/** The bytes, oldest first; valid until the next `append`. */
	get bytes(): Buffer {
		return this.#room.subarray(this.#start, this.#end);
	}

	/** Bytes of memory that it takes, used or not. */
	get room(): number {
		return this.#room.byteLength;
	}

	append(chunk: Uint8Array): void {
		const length = this.#end - this.#start;
		const needed = length + chunk.byteLength;
		this.#peak = Math.max(this.#peak, needed);
		if (this.#end + chunk.byteLength > this.#room.byteLength) {
			const room = this.#roomFor(needed);
			this.#room.copy(room, 0, this.#start, this.#end);
			this.#room = room;
			this.#start = 0;
			this.#end = length;
			this.#peak = needed;
		}
		this.#room.set(chunk, this.#end);
		this.#end += chunk.byteLength;
	}

	/** Takes the oldest `count` bytes away. */
	drop(count: number): void {
		this.#start = Math.min(this.#start + count, this.#end);
	}

	/** Where to move to. At least half of it is free after the move, or it has room for all that comes: moves stay rare. */
	#roomFor(needed: number): Buffer {
		const wanted = Math.max(needed, Math.min(needed * 2, this.#most));
		if (this.#room.byteLength < wanted) return Buffer.allocUnsafe(wanted);
		const enough = Math.max(smallest, this.#peak * 2);
		return this.#room.byteLength >= enough * lavish ? Buffer.allocUnsafe(enough) : this.#room;
	}
}
