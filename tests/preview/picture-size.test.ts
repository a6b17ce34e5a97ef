import { describe, expect, it } from "vitest";
import { asPicture } from "../../server/preview/picture.ts";
import { claimedPixels } from "../../server/preview/picture-size.ts";
import { bombs } from "./bombs.ts";
import { avif, jpeg, png } from "./pictures.ts";
import { refusal } from "./relay-under-test.ts";

const largest = 8_388_608;

function repeated(head: Buffer | string, filling: string): Buffer {
	const start = Buffer.from(head);
	return Buffer.concat([start, Buffer.alloc(largest - start.byteLength, filling, "latin1")]);
}

/** A segment of a JPEG. */
function segment(marker: number, body: Buffer): Buffer {
	const head = Buffer.from([0xff, marker, 0, 0]);
	head.writeUInt16BE(body.byteLength + 2, 2);
	return Buffer.concat([head, body]);
}

/** A box of an AVIF. */
function box(name: string, body: Buffer): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt32BE(body.byteLength + 8);
	head.write(name, 4, "latin1");
	return Buffer.concat([head, body]);
}

describe("the size of a picture", () => {
	it("is found behind all that cameras and programs put before it", () => {
		const thumbnail = Buffer.concat([
			Buffer.from("Exif\0\0"),
			bombs["image/jpeg"]!(160, 120),
			Buffer.alloc(60_000, 0xff),
		]);
		// A colour profile goes in pieces of 64 KB; those of printers have two megabytes.
		const profile = Array.from({ length: 32 }, () => segment(0xe2, Buffer.alloc(65_000, 0xff)));
		const whole = jpeg(1);
		const rich = Buffer.concat([whole.subarray(0, 2), segment(0xe1, thumbnail), ...profile, whole.subarray(2)]);
		expect(claimedPixels("image/jpeg", rich)).toBe(16 * 16);
		expect(claimedPixels("image/jpeg", jpeg(2, largest - 65_536))).toBe(16 * 16);
		expect(claimedPixels("image/png", png)).toBe(1);
		expect(claimedPixels("image/avif", avif)).toBe(8 * 6);
		const start = avif.readUInt32BE(0);
		const before = (...boxes: Buffer[]) => Buffer.concat([avif.subarray(0, start), ...boxes, avif.subarray(start)]);
		expect(
			claimedPixels("image/avif", before(box("free", Buffer.alloc(900_000)), box("mdat", Buffer.alloc(6_000_000)))),
		).toBe(48);
	});

	it("is not looked for among the pixels of an AVIF, where a size is chance", () => {
		const huge = bombs["image/avif"]!(65_000, 65_000).subarray(24);
		expect(claimedPixels("image/avif", Buffer.concat([avif, box("mdat", huge)]))).toBe(48);
		expect(claimedPixels("image/avif", Buffer.concat([avif, box("free", huge)]))).toBe(65_000 ** 2);
	});

	const heads = { avif: "\0\0\0\x18ftypavif\0\0\0\0avifmif1", gif: "GIF89a\x01\0\x01\0\0\0\0" };
	it.each([
		["a JPEG of fill bytes", repeated(Buffer.from([0xff, 0xd8]), "\xff")],
		["a JPEG of empty segments", repeated(Buffer.from([0xff, 0xd8]), "\xff\xe0\0\x02")],
		["a GIF of empty extensions", repeated(heads.gif, "\x21\xfe\0")],
		["a GIF of blocks of one byte", repeated(`${heads.gif}\x21\xfe`, "\x01")],
		["an AVIF of sizes", repeated(heads.avif, `\0\0\0\x14ispe${"\0".repeat(12)}`)],
		["an AVIF of empty boxes", repeated(heads.avif, "\0\0\0\x08free")],
		["an AVIF of one box that is no pixels", repeated(`${heads.avif}\0\0\0\0free`, "i")],
	])("is refused where it stands behind more than real pictures have, and nobody looks on: %s", async (_what, body) => {
		expect(await refusal((async () => asPicture(body))())).toBe("39010 the upstream's picture does not tell its size");
	});
});
