/** Pictures of a few bytes, by their kind, that claim to be `width` × `height` pixels large. */
export const bombs: Readonly<Record<string, (width: number, height: number) => Buffer>> = {
	"image/jpeg": (width, height) => jpegHead(0xc0, width, height),
	"a progressive JPEG behind another segment, garbage and fill bytes": (width, height) =>
		Buffer.concat([
			hex("ffd8 ffe0 0006 ffc00003"),
			Buffer.from("garbage"),
			hex("ffff ffff"),
			jpegHead(0xc2, width, height).subarray(2),
		]),
	"image/png": (width, height) =>
		Buffer.concat([hex("89504e470d0a1a0a 0000000d 49484452"), be32(width), be32(height), hex("0806000000 00000000")]),
	"image/gif": (width, height) => Buffer.concat([Buffer.from("GIF89a"), le16(width), le16(height), hex("000000 3b")]),
	"a GIF whose first frame is larger than its screen": (width, height) =>
		Buffer.concat([
			Buffer.from("GIF89a"),
			hex("0100 0100 80 00 00 000000 ffffff 21f9 04 00000000 00 2c 00000000"),
			le16(width),
			le16(height),
			hex("00 02 00 3b"),
		]),
	"image/webp": (width, height) =>
		Buffer.concat([webpHead("VP8X"), hex("0a000000 00000000"), le24(width - 1), le24(height - 1)]),
	"image/bmp": (width, height) =>
		Buffer.concat([Buffer.from("BM"), Buffer.alloc(12), hex("28000000"), le32(width), le32(-height), Buffer.alloc(32)]),
	"image/avif": (width, height) =>
		Buffer.concat([
			hex("00000018"),
			Buffer.from("ftypavif"),
			Buffer.alloc(12),
			// The first is small; the second is the one that would be shown.
			...[
				[1, 1],
				[width, height],
			].flatMap(([w = 0, h = 0]) => [hex("00000014"), Buffer.from("ispe"), be32(0), be32(w), be32(h)]),
		]),
};

/** The largest that these two kinds can claim is 16,383 × 16,383. */
export const smallerBombs: typeof bombs = {
	"a lossy WebP": (width, height) =>
		Buffer.concat([webpHead("VP8 "), hex("20000000 000000 9d012a"), le16(width), le16(height), Buffer.alloc(8)]),
	"a lossless WebP": (width, height) =>
		Buffer.concat([webpHead("VP8L"), hex("20000000 2f"), le32((width - 1) | ((height - 1) << 14)), Buffer.alloc(8)]),
};

function jpegHead(marker: number, width: number, height: number): Buffer {
	return Buffer.concat([
		hex("ffd8"),
		Buffer.from([0xff, marker]),
		hex("0011 08"),
		be16(height),
		be16(width),
		hex("03 012200 021101 031101 ffd9"),
	]);
}

const webpHead = (chunk: string) => Buffer.concat([Buffer.from("RIFF"), hex("40000000"), Buffer.from(`WEBP${chunk}`)]);
const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const be16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const be32 = (value: number) => Buffer.from([value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]);
const le16 = (value: number) => be16(value).reverse();
const le24 = (value: number) => be32(value).subarray(1).reverse();
const le32 = (value: number) => be32(value).reverse();
