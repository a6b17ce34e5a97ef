import type { PictureType } from "./content-type.ts";

/**
 * Pixels of the largest picture that passes (8192 × 8192, as in the reference agent): whoever shows a picture takes four
 * bytes for each pixel that its first bytes claim, however few bytes follow.
 */
export const MAX_PIXELS = 8_192 * 8_192;

/**
 * What may stand before a picture's size, in segments, blocks and bytes that are passed over one by one. Real pictures have
 * some ten segments; one whose profile or preview fills many has a few hundred.
 */
const MAX_STEPS = 4_096;
/** Boxes of an AVIF beside its pixels, and the sizes in them. A real one has ten of the first and fewer of the second. */
const MAX_BOXES = 64;
const MAX_SIZES = 256;
/** Bytes of those boxes that are searched: they hold colour profiles, which are the largest thing that real ones have. */
const MAX_SEARCHED = 1_048_576;

/**
 * How many pixels a picture claims to have; 0 when nothing that could be shown is found, and infinitely many when its size
 * stands behind more than real pictures have before it: looking for it would hold everybody up, and not looking would let
 * any size pass. It reads what browsers read and passes over what they pass over. Libraries that tell a picture's size
 * believe its own word on how it is cropped.
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
	let steps = 0;
	for (let at = bytes.indexOf(0xff, 2); at >= 0 && at + 1 < bytes.byteLength; at = bytes.indexOf(0xff, at)) {
		if (++steps > MAX_STEPS) return Number.POSITIVE_INFINITY;
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
	let steps = 0;
	while (bytes[at] === 0x21) {
		at += 2;
		while ((bytes[at] ?? 0) > 0 && ++steps <= MAX_STEPS) at += bytes.readUInt8(at) + 1;
		at += 1;
		if (++steps > MAX_STEPS) return Number.POSITIVE_INFINITY;
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

/**
 * The largest of all that are in it: which of them is shown is told in too many ways. What is named as pixels is passed
 * over, wherever it stands: nobody looks for a size in there.
 */
function avif(bytes: Buffer): number {
	let largest = 0;
	let left = MAX_SEARCHED;
	let sizes = 0;
	let boxes = 0;
	for (let at = 0; at < bytes.byteLength; ) {
		const end = endOfBox(bytes, at);
		const box = bytes.subarray(at, end);
		at = end;
		if (++boxes > MAX_BOXES) return Number.POSITIVE_INFINITY;
		if (box.toString("latin1", 4, 8) === "mdat") continue;
		left -= box.byteLength;
		if (left < 0) return Number.POSITIVE_INFINITY;
		for (let found = box.indexOf("ispe"); found >= 0; found = box.indexOf("ispe", found + 4)) {
			if (++sizes > MAX_SIZES) return Number.POSITIVE_INFINITY;
			if (found + 16 > box.byteLength) break;
			largest = Math.max(largest, box.readUInt32BE(found + 8) * box.readUInt32BE(found + 12));
		}
	}
	return largest;
}

/** Where the box ends that begins at `at`; with a length that cannot be, at the end of all, as with none. */
function endOfBox(bytes: Buffer, at: number): number {
	const rest = bytes.byteLength - at;
	if (rest < 8) return bytes.byteLength;
	const short = bytes.readUInt32BE(at);
	const length = short === 1 && rest >= 16 ? Number(bytes.readBigUInt64BE(at + 8)) : short;
	return length < 8 || length > rest ? bytes.byteLength : at + length;
}

/** The height is negative in one that is written from its top. */
function bmp(bytes: Buffer): number {
	if (bytes.readUInt32LE(14) === 12) return bytes.readUInt16LE(18) * bytes.readUInt16LE(20);
	return Math.abs(bytes.readInt32LE(18)) * Math.abs(bytes.readInt32LE(22));
}
