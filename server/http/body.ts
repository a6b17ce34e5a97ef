import { isAscii, isUtf8 } from "node:buffer";
import { Fault } from "../../persistence/fault.ts";
import { toFault } from "./catalogue.ts";
import { tooHeavy } from "./json-weight.ts";
import type { HttpResponse } from "./uws.ts";

/** `application/json`, with no other charset than UTF-8. */
const jsonType = /^application\/json[\t ]*(?:;[\t ]*charset[\t ]*=[\t ]*"?utf-8"?[\t ]*)?;?$/i;

/**
 * Bytes in which chunks that are small are gathered. One that comes a byte at a time would be an object for each byte, and thousands
 * such make every collection of garbage longer, which all others wait for.
 */
const PIECE = 512;

/** What is held of a body while it comes. */
export interface BodyBounds {
	/** Bytes of the body at most. */
	limit: number;
	/** So many bytes more are held, until `release`. Throws the fault that becomes the answer. */
	hold(bytes: number): void;
	/** Nothing is held any more. */
	release(): void;
}

/**
 * Reads a body (contract, section 1). `done` is called once, with bytes that are good for the time of the call, or with what
 * is wrong with their number; after a 39901 what still arrives is dropped, so that the client gets to read its answer. Not
 * more than `limit` bytes and one chunk are ever held.
 *
 * @returns lets go what is held: whatever comes after that is dropped, and `done` is not called any more
 */
export function readBody(
	response: HttpResponse,
	contentLength: string,
	bounds: BodyBounds,
	done: (body: Buffer | Fault) => void,
): () => void {
	const { limit } = bounds;
	if (Number(contentLength) > limit) {
		done(new Fault(39901, { limit }));
		return () => undefined;
	}
	let pieces: Buffer[] = [];
	/** Bytes that are free at the end of the last piece. */
	let room = 0;
	let length = 0;
	let finished = false;
	const letGo = (): void => {
		finished = true;
		pieces = [];
		bounds.release();
	};
	const finish = (body: Buffer | Fault): void => {
		letGo();
		done(body);
	};
	/** The memory of a chunk is the server's again after its call. */
	const keep = (chunk: Uint8Array): void => {
		const last = pieces.at(-1);
		if (last === undefined || chunk.length > room) {
			if (last !== undefined) pieces.splice(-1, 1, last.subarray(0, last.length - room));
			const piece = Buffer.allocUnsafeSlow(Math.max(PIECE, chunk.length));
			piece.set(chunk);
			pieces.push(piece);
			room = piece.length - chunk.length;
			return;
		}
		last.set(chunk, last.length - room);
		room -= chunk.length;
	};
	response.onData((chunk, isLast) => {
		if (finished) return;
		length += chunk.byteLength;
		if (length > limit) {
			finish(new Fault(39901, { limit }));
		} else if (isLast && pieces.length === 0) {
			finish(Buffer.from(chunk));
		} else {
			const fault = heldBack(bounds, chunk.byteLength);
			if (fault !== undefined) {
				finish(fault);
				return;
			}
			if (chunk.byteLength > 0) keep(new Uint8Array(chunk));
			if (isLast) finish(Buffer.concat(pieces, length));
		}
	});
	return letGo;
}

/** What is in the way of holding so many bytes more: nothing may be thrown through the binding. */
export function heldBack({ hold }: BodyBounds, bytes: number): Fault | undefined {
	try {
		hold(bytes);
		return undefined;
	} catch (error) {
		return toFault(error);
	}
}

/**
 * The JSON value of a body, or 12023, 12027 or, for one that would take too long to parse, 12022 (contract, section 1: content
 * type, then JSON). The memory of `bytes` is not needed after the call.
 */
export function parseBody(bytes: Buffer, contentType: string): { value: unknown } | Fault {
	if (contentType !== "application/json" && !jsonType.test(contentType)) {
		return new Fault(12023, { types: "application/json" });
	}
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
