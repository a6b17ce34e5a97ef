import { isPictureType } from "./content-type.ts";
import { asPicture, type Picture } from "./picture.ts";
import { refused } from "./refusal.ts";
import type { Upstream } from "./upstream.ts";

/**
 * Reads an upstream that answers with one picture, to its end. It leaves closing the upstream to the caller.
 * @throws {Fault} 39010 when it is of another type, or larger than `maxFrameSize` bytes: told by its header, or cut off as
 * soon as it is.
 */
export async function readStill(upstream: Upstream, maxFrameSize: number): Promise<Picture> {
	if (!isPictureType(upstream.contentType.type)) throw refused("the upstream's answer is not a picture");
	if ((upstream.contentLength ?? 0) > maxFrameSize) throw refused("the upstream's picture is too large");
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of upstream.body) {
		length += chunk.byteLength;
		if (length > maxFrameSize) throw refused("the upstream's picture is too large");
		chunks.push(chunk);
	}
	return asPicture(Buffer.concat(chunks, length));
}
