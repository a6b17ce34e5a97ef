import type { PictureType } from "./content-type.ts";

/**
 * Pixels of the largest picture that passes (8192 × 8192, as in the reference agent): whoever shows a picture takes four
 * bytes for each pixel that its first bytes claim, however few bytes follow.
 */
export const MAX_PIXELS = 8_192 * 8_192;

/**
 * How many pixels a picture claims to have; 0 when nothing that could be shown is found. It reads what browsers read and
 * passes over what they pass over. Libraries that tell a picture's size believe its own word on how it is cropped.
 */
export function claimedPixels(type: PictureType, bytes: Uint8Array): number {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	try {
		return readers[type](buffer);
	} catch (error) {
		// Cut off before its size.
		if (error instanceof RangeError) return 0;
		throw error;
	}
}

const readers: Readonly<Record<PictureType, (bytes: Buffer) => number>> = {
	"image/jpeg": jpeg,
	"image/png": (bytes) => bytes.readUInt32BE(16) * bytes.readUInt32BE(20),
	"image/gif": gif,
	"image/webp": webp,
	"image/avif": avif,
	"image/bmp": bmp,
};

/** Walks the segments up to the frame's header; bytes between segments count for nothing. */
function jpeg(bytes: Buffer): number {
	for (let at = bytes.indexOf(0xff, 2); at >= 0 && at + 1 < bytes.byteLength; at = bytes.indexOf(0xff, at)) {
		const marker = bytes.readUInt8(at + 1);
		at += marker === 0xff ? 1 : 2;
		const alone = marker === 0 || marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
		if (alone) continue;
		// The end, or the pixels: a frame that comes later is shown by nobody.
		if (marker === 0xd9 || marker === 0xda) return 0;
		const tables = marker === 0xc4 || marker === 0xc8 || marker === 0xcc;
		if (marker >= 0xc0 && marker <= 0xcf && !tables) return bytes.readUInt16BE(at + 3) * bytes.readUInt16BE(at + 5);
		at += Math.max(2, bytes.readUInt16BE(at));
	}
	return 0;
}

/** The screen, or the first frame where that is larger: browsers then enlarge the screen. */
function gif(bytes: Buffer): number {
	const screen = bytes.readUInt16LE(6) * bytes.readUInt16LE(8);
	const flags = bytes.readUInt8(10);
	let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
	while (bytes[at] === 0x21) {
		at += 2;
		while ((bytes[at] ?? 0) > 0) at += bytes.readUInt8(at) + 1;
		at += 1;
	}
	if (bytes[at] !== 0x2c || at + 9 > bytes.byteLength) return screen;
	const width = bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5);
	const height = bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7);
	return Math.max(screen, width * height);
}

function webp(bytes: Buffer): number {
	const chunk = bytes.toString("latin1", 12, 16);
	if (chunk === "VP8X") return (bytes.readUIntLE(24, 3) + 1) * (bytes.readUIntLE(27, 3) + 1);
	if (chunk === "VP8 ") return (bytes.readUInt16LE(26) & 0x3fff) * (bytes.readUInt16LE(28) & 0x3fff);
	if (chunk !== "VP8L") return 0;
	const sizes = bytes.readUInt32LE(21);
	return ((sizes & 0x3fff) + 1) * (((sizes >> 14) & 0x3fff) + 1);
}

/** The largest of all that are in it: which of them is shown is told in too many ways. */
function avif(bytes: Buffer): number {
	let largest = 0;
	for (let at = bytes.indexOf("ispe"); at >= 0 && at + 16 <= bytes.byteLength; at = bytes.indexOf("ispe", at + 4))
		largest = Math.max(largest, bytes.readUInt32BE(at + 8) * bytes.readUInt32BE(at + 12));
	return largest;
}

/** The height is negative in one that is written from its top. */
function bmp(bytes: Buffer): number {
	if (bytes.readUInt32LE(14) === 12) return bytes.readUInt16LE(18) * bytes.readUInt16LE(20);
	return Math.abs(bytes.readInt32LE(18)) * Math.abs(bytes.readInt32LE(22));
}
