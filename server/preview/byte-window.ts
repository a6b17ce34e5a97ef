const smallest = 16_384;

/**
 * The bytes that arrived and are not used yet, in one piece. Appending costs a copy of what is appended; the whole is
 * moved only when the room is used up, so that a picture that drips in byte by byte costs no more than its size.
 * Who uses it bounds it, by taking bytes out.
 */
export class ByteWindow {
	#room = Buffer.allocUnsafe(smallest);
	#start = 0;
	#end = 0;

	/** The bytes, oldest first; valid until the next `append`. */
	get bytes(): Buffer {
		return this.#room.subarray(this.#start, this.#end);
	}

	append(chunk: Uint8Array): void {
		const length = this.#end - this.#start;
		if (this.#end + chunk.byteLength > this.#room.byteLength) {
			const needed = length + chunk.byteLength;
			// At least half of the room is free after a move: moves stay rare.
			const room = needed * 2 > this.#room.byteLength ? Buffer.allocUnsafe(needed * 2) : this.#room;
			this.#room.copy(room, 0, this.#start, this.#end);
			this.#room = room;
			this.#start = 0;
			this.#end = length;
		}
		this.#room.set(chunk, this.#end);
		this.#end += chunk.byteLength;
	}

	/** Takes the oldest `count` bytes away. */
	drop(count: number): void {
		this.#start = Math.min(this.#start + count, this.#end);
		if (this.#start < this.#end) return;
		this.#start = 0;
		this.#end = 0;
	}
}
