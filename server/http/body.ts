import { isAscii, isUtf8 } from "node:buffer";
import { Fault } from "../../persistence/fault.ts";
import { toFault } from "./catalogue.ts";
import { tooHeavy } from "./json-weight.ts";
import type { RequestLimits } from "./options.ts";
import type { Peer } from "./peers.ts";
import type { HttpResponse } from "./uws.ts";

/** `application/json`, with no other charset than UTF-8. */
const jsonType = /^application\/json[\t ]*(?:;[\t ]*charset[\t ]*=[\t ]*"?utf-8"?[\t ]*)?;?$/i;

/**
 * Bytes of the pieces in which small chunks are gathered: as many as have come, between these two. A body that comes a byte at a time
 * would be an object for each byte, and thousands such make every collection of garbage longer, which all others wait for.
 */
const [LEAST, MOST] = [64, 512];

/** What all bodies may hold together. */
export type BodyLimits = Pick<RequestLimits, "holdBody" | "releaseBody">;

/**
 * A body while it comes (contract, section 1): one object, since thousands may be on their way. Not more than `limit` bytes and one
 * chunk are ever held, and what is held counts with the limits until the body has come whole and may be used, or is dropped.
 */
export class IncomingBody {
	readonly #peer: Peer;
	readonly #limit: number;
	readonly #limits: BodyLimits | undefined;
	#use: (body: Buffer | Fault) => void = () => undefined;
	#pieces: Buffer[] | undefined;
	/** Bytes that are free at the end of the last piece. */
	#room = 0;
	#length = 0;
	#held = 0;
	/** Whatever still comes is dropped. */
	#over = false;
	/** Whether it may be used already. */
	#awaited = true;
	readonly #chunked: boolean;
	/** What came, while it may not be used. */
	#whole: Buffer | Fault | undefined;

	/**
	 * @param limit bytes
	 * @param chunked it is not used in the turn in which its end came: the connection may be closed in it, when another request came
	 * right behind that
	 */
	constructor(peer: Peer, limit: number, limits: BodyLimits | undefined, chunked = false) {
		this.#peer = peer;
		this.#limit = limit;
		this.#limits = limits;
		this.#chunked = chunked;
	}

	/** Bytes that have come so far. */
	get received(): number {
		return this.#length;
	}

	/** All that is wanted of it has come. */
	get over(): boolean {
		return this.#over;
	}

	/**
	 * `use` is called once, with bytes that are good for the time of the call, or with what is wrong with their number; after a 39901
	 * what still arrives is dropped, so that the client gets to read its answer.
	 */
	read(response: HttpResponse, contentLength: string, use: (body: Buffer | Fault) => void): void {
		this.#use = use;
		if (Number(contentLength) > this.#limit) this.#end(this.#tooLarge());
		else response.onData((chunk, isLast) => this.#take(chunk, isLast));
	}

	/** It is read, and not used before `open`. */
	hold(): void {
		this.#awaited = false;
	}

	/** It may be used, as soon as it is there. */
	open(): void {
		this.#awaited = true;
		this.#offer();
	}

	/** It is not wanted any more: what is held is let go, and `use` is not called. */
	drop(): void {
		this.#over = true;
		this.#letGo();
	}

	#take(chunk: ArrayBuffer, isLast: boolean): void {
		if (this.#over) return;
		this.#length += chunk.byteLength;
		if (this.#length > this.#limit) {
			this.#end(this.#tooLarge());
			return;
		}
		if (isLast && this.#pieces === undefined && this.#awaited && !this.#chunked) {
			this.#end(Buffer.from(chunk));
			return;
		}
		const fault = this.#count(chunk.byteLength);
		if (fault !== undefined) {
			this.#end(fault);
			return;
		}
		if (chunk.byteLength > 0) this.#keep(new Uint8Array(chunk));
		if (isLast) this.#end(Buffer.concat(this.#pieces ?? [], this.#length));
	}

	/** The memory of a chunk is the server's again after its call. */
	#keep(chunk: Uint8Array): void {
		const last = this.#pieces?.at(-1);
		if (last !== undefined && chunk.length <= this.#room) {
			last.set(chunk, last.length - this.#room);
			this.#room -= chunk.length;
			return;
		}
		const piece = Buffer.allocUnsafeSlow(Math.max(chunk.length, LEAST, Math.min(this.#length, MOST)));
		piece.set(chunk);
		if (this.#pieces === undefined || last === undefined) this.#pieces = [piece];
		else this.#pieces.splice(-1, 1, last.subarray(0, last.length - this.#room), piece);
		this.#room = piece.length - chunk.length;
	}

	/** What is in the way of holding so many bytes more: nothing may be thrown through the binding. */
	#count(bytes: number): Fault | undefined {
		try {
			this.#limits?.holdBody(this.#peer, bytes);
			this.#held += bytes;
			return undefined;
		} catch (error) {
			return toFault(error);
		}
	}

	#end(whole: Buffer | Fault): void {
		this.#over = true;
		this.#pieces = undefined;
		// What is wrong with it is all that is left of it.
		if (whole instanceof Fault) this.#release();
		this.#whole = whole;
		if (this.#chunked) setImmediate(() => this.#offer());
		else this.#offer();
	}

	#offer(): void {
		const whole = this.#whole;
		if (whole === undefined || !this.#awaited) return;
		this.#letGo();
		this.#use(whole);
	}

	#letGo(): void {
		this.#pieces = undefined;
		this.#whole = undefined;
		this.#release();
	}

	#release(): void {
		if (this.#held > 0) this.#limits?.releaseBody(this.#peer, this.#held);
		this.#held = 0;
	}

	#tooLarge(): Fault {
		return new Fault(39901, { limit: this.#limit });
	}
}

/** Whether a Content-Type is JSON's. */
export function isJson(contentType: string): boolean {
	return contentType === "application/json" || jsonType.test(contentType);
}

/**
 * The JSON value of a body, or 12023, 12027 or, for one that would take too long to parse, 12022 (contract, section 1: content
 * type, then JSON). The memory of `bytes` is not needed after the call.
 *
 * @param json whether it is said to be JSON
 */
export function parseBody(bytes: Buffer, json: boolean): { value: unknown } | Fault {
	if (!json) return new Fault(12023, { types: "application/json" });
	const heavy = tooHeavy(bytes);
	if (heavy !== undefined) return new Fault(12022, { path: "", message: heavy });
	const text = textOf(bytes);
	if (text === undefined) return new Fault(12027, { message: "the body is not UTF-8" });
	try {
		return { value: JSON.parse(text) };
	} catch {
		// The parser's own message may quote the body, and with it a secret.
		return new Fault(12027, { message: bytes.length === 0 ? "the body is empty" : "the body is not JSON" });
	}
}

/** Undefined when it is not UTF-8. Nearly every body is ASCII, which is copied and not decoded. */
function textOf(bytes: Buffer): string | undefined {
	if (isAscii(bytes)) return bytes.toString("latin1");
	return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
