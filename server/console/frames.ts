import type { ViewChanges } from "./view-changes.ts";

/** What a frame says about one subscription. */
export interface FramePart {
	sub: number;
	changes: ViewChanges;
}

/** The same parts mostly go to many sockets under the same number: their frame is made once. */
interface Made {
	number: number;
	sub: number;
	changes: ViewChanges;
	bytes: Buffer;
}

/** Puts frames of changes together from parts that are serialised already. */
export class ChangeFrames {
	#last: Made | null = null;
	/** Frames that were put together, and those that were shared with another socket. */
	made = 0;
	shared = 0;

	/** The frame of a round for one socket, UTF-8; not to be changed. */
	frame(number: number, parts: readonly FramePart[]): Buffer {
		const [first] = parts;
		if (parts.length !== 1 || first === undefined) return this.#make(number, parts);
		const { sub, changes } = first;
		const last = this.#last;
		if (last !== null && last.number === number && last.sub === sub && last.changes === changes) {
			this.shared++;
			return last.bytes;
		}
		const bytes = this.#make(number, parts);
		this.#last = { number, sub, changes, bytes };
		return bytes;
	}

	#make(number: number, parts: readonly FramePart[]): Buffer {
		this.made++;
		const pieces: Buffer[] = [Buffer.from(`{"type":"changes","number":${number},"subs":[`)];
		for (const [at, { sub, changes }] of parts.entries())
			pieces.push(Buffer.from(`${at === 0 ? "" : ","}{"sub":${sub}`), changes.body);
		pieces.push(Buffer.from("]}"));
		return Buffer.concat(pieces);
	}
}
