import type { PictureType } from "./content-type.ts";
import { claimedPixels, MAX_PIXELS } from "./picture-size.ts";
import { refused } from "./refusal.ts";

/** A whole picture. The bytes are shared by all who receive them: they must not be changed. */
export interface Picture {
	readonly contentType: PictureType;
	readonly bytes: Uint8Array;
}

/**
 * Takes bytes for a picture. Their first bytes decide its type, and not what the upstream called it: what we declare is
 * then true even for an upstream that calls everything a JPEG, and a page or a script never passes as a picture.
 *
 * @throws {Fault} 39010 when the bytes begin as no picture that passes, claim more than `MAX_PIXELS`, or hide what they
 * claim behind more than a real picture has before it.
 */
export function asPicture(bytes: Uint8Array): Picture {
	const contentType = typeOf(bytes);
	if (contentType === null) throw refused("the upstream sent something that is not a picture");
	const pixels = claimedPixels(contentType, bytes);
	if (pixels === Number.POSITIVE_INFINITY) throw refused("the upstream's picture does not tell its size");
	if (pixels > MAX_PIXELS) throw refused("the upstream's picture has too many pixels");
	return { contentType, bytes };
}

function typeOf(bytes: Uint8Array): PictureType | null {
	const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16)).toString("latin1");
	if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
	if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
	if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
	if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return "image/webp";
	if (head.startsWith("ftypavif", 4) || head.startsWith("ftypavis", 4)) return "image/avif";
	if (head.startsWith("BM") && bytes.byteLength > 26) return "image/bmp";
	return null;
}
