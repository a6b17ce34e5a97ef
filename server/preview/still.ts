import type { Holding } from "./byte-budget.ts";
import { ByteWindow } from "./byte-window.ts";
import { isPictureType } from "./content-type.ts";
import type { Pace } from "./pace.ts";
import { asPicture, type Picture } from "./picture.ts";
import { refused } from "./refusal.ts";
import type { Upstream } from "./upstream.ts";

/** What a picture is read within. */
export interface Reading {
	/** Bytes. */
	readonly maxFrameSize: number;
	readonly pace: Pace;
	/** Is told what the reading holds. */
	readonly holding: Holding;
}

/**
 * Reads an upstream that answers with one picture, to its end. It leaves closing the upstream to the caller.
 * @throws {Fault} 39010 when it is of another type, or larger than `maxFrameSize` bytes: told by its header, or cut off as
 * soon as it is.
 */
export async function readStill(upstream: Upstream, { maxFrameSize, pace, holding }: Reading): Promise<Picture> {
	if (!isPictureType(upstream.contentType.type)) throw refused("the upstream's answer is not a picture");
	if ((upstream.contentLength ?? 0) > maxFrameSize) throw refused("the upstream's picture is too large");
	// Copied out of what was read: pieces of a few bytes would each keep the whole that they came in.
	const window = new ByteWindow(maxFrameSize);
	for await (const chunk of upstream.body) {
		if (window.bytes.byteLength + chunk.byteLength > maxFrameSize) throw refused("the upstream's picture is too large");
		window.append(chunk);
		// Whoever is let go has its upstream closed: the reading ends by that.
		holding.hold(window.room);
		await pace.bytes(chunk.byteLength, upstream.takePieces());
	}
	return asPicture(Buffer.from(window.bytes));
}
