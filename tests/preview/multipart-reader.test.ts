import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import { MultipartReader } from "../../server/preview/multipart-reader.ts";
import { PartEncoder } from "../../server/preview/part-encoder.ts";
import { newSeed } from "../support/seeded-random.ts";
import { jpeg, numberOf, png } from "./pictures.ts";
import { parts } from "./recorded-sink.ts";

const seed = newSeed();
console.log(`multipart reader: seed ${seed}`);

/** What the reader makes of a body that arrives cut at these places; or the reason of its refusal, at the end. */
function read(body: Buffer, boundary: string, cuts: readonly number[] = [], maxFrameSize = 1_000_000) {
	const pictures: Buffer[] = [];
	const types: string[] = [];
	let refused: string | null = null;
	const reader = new MultipartReader(boundary, maxFrameSize);
	const places = [...new Set([0, ...cuts.map((cut) => cut % (body.byteLength + 1)), body.byteLength])];
	places.sort((a, b) => a - b);
	try {
		for (const [index, from] of places.entries()) {
			reader.push(body.subarray(from, places[index + 1] ?? from));
			for (let picture = reader.next(); picture !== null; picture = reader.next()) {
				types.push(picture.contentType);
				pictures.push(Buffer.from(picture.bytes));
			}
		}
	} catch (error) {
		if (!(error instanceof Fault)) throw error;
		refused = String(error.values["reason"]);
	}
	return { pictures, types, refused, over: reader.over };
}

interface Dialect {
	/** The lines between the parts. */
	line: string;
	/** The parameter of the Content-Type header. */
	boundary: string;
	newline: "\r\n" | "\n";
	preamble: string;
	/** In front of each delimiter but the first. */
	gap: number;
	length: "true" | "none" | "zero";
	header: string;
	closing: boolean;
}

const names = fc.stringMatching(/^[A-Za-z0-9'()+_,./:=?]{1,40}$/);
const dialects: fc.Arbitrary<Dialect> = fc
	.tuple(
		names,
		fc.constantFrom("standard", "dashes in the parameter", "four dashes", "no dashes"),
		fc.record({
			newline: fc.constantFrom("\r\n" as const, "\n" as const),
			preamble: fc.constantFrom("", "\r\n", "\n\n", "Welcome to camera 7\r\n", "--\r\n-- no\n"),
			gap: fc.integer({ min: 1, max: 3 }),
			length: fc.constantFrom("true" as const, "none" as const, "zero" as const),
			header: fc.constantFrom("Content-Type: image/jpeg", "content-type:image/jpg", "X-Time: 1", "", "junk"),
			closing: fc.boolean(),
		}),
	)
	.map(([name, dashes, rest]) => {
		if (dashes === "standard") return { ...rest, boundary: name, line: `--${name}` };
		if (dashes === "no dashes") return { ...rest, boundary: name, line: name };
		if (dashes === "four dashes") return { ...rest, boundary: `--${name}`, line: `----${name}` };
		return { ...rest, boundary: `--${name}`, line: `--${name}` };
	});

function write(pictures: readonly Buffer[], dialect: Dialect): Buffer {
	const { newline, line, length } = dialect;
	const body: (string | Buffer)[] = [dialect.preamble];
	for (const [index, picture] of pictures.entries()) {
		if (index > 0) body.push(newline.repeat(length === "true" ? dialect.gap : 1));
		body.push(line, newline);
		if (dialect.header !== "") body.push(dialect.header, newline);
		if (length === "true") body.push(`Content-Length: ${picture.byteLength}`, newline);
		if (length === "zero") body.push("Content-Length: 0", newline);
		body.push(newline, picture);
	}
	// Without a length only a delimiter shows the end of the last part.
	body.push(newline, line, dialect.closing ? "--" : "", newline);
	return Buffer.concat(body.map((piece) => (typeof piece === "string" ? Buffer.from(piece, "latin1") : piece)));
}

describe("the relay takes the upstream apart into whole pictures", () => {
	it("in all dialects of boundaries, line ends, preambles and lengths, however the body is cut", () => {
		const sizes = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 6 });
		const cuts = fc.array(fc.nat(), { maxLength: 30 });
		fc.assert(
			fc.property(dialects, sizes, cuts, (dialect, pictureSizes, places) => {
				const pictures = pictureSizes.map((size, index) => jpeg(index, size));
				const found = read(write(pictures, dialect), dialect.boundary, places);
				expect(found.refused).toBeNull();
				expect(found.pictures.map(numberOf)).toEqual([...pictures.keys()]);
				expect(found.pictures.every((picture, index) => picture.equals(pictures[index]!))).toBe(true);
				expect(found.over).toBe(dialect.closing);
			}),
			{ seed, numRuns: 500 },
		);
	});

	it("byte by byte", () => {
		const pictures = [jpeg(1), jpeg(2), png];
		const dialect: Dialect = {
			boundary: "b",
			line: "--b",
			newline: "\r\n",
			preamble: "",
			gap: 1,
			length: "none",
			header: "",
			closing: true,
		};
		const body = write(pictures, dialect);
		const found = read(body, "b", [...body.keys()]);
		expect(found.pictures).toEqual(pictures);
		expect(found.types).toEqual(["image/jpeg", "image/jpeg", "image/png"]);
	});

	it("as soon as a part of known length is whole, before the next one begins", () => {
		const body = Buffer.concat([Buffer.from(`--b\r\nContent-Length: ${jpeg(1).byteLength}\r\n\r\n`), jpeg(1)]);
		expect(read(body, "b").pictures).toEqual([jpeg(1)]);
		expect(read(body.subarray(0, -1), "b").pictures).toEqual([]);
	});

	it("when a part's length is followed by the next delimiter without a line end", () => {
		const part = [`--b\r\nContent-Length: ${jpeg(1).byteLength}\r\n\r\n`, jpeg(1)];
		const body = Buffer.concat([...part, ...part, "--b--"].map((piece) => Buffer.from(piece)));
		expect(read(body, "b")).toMatchObject({ pictures: [jpeg(1), jpeg(1)], over: true });
	});

	it.each([
		["too small", -30, [1, 2, 3]],
		["too large", 200, [1, 2, 3]],
	])("and believes no Content-Length after one that was %s", (_what, wrong, numbers) => {
		const body = Buffer.concat(
			[1, 2, 3].flatMap((number) => [
				Buffer.from(`--b\r\nContent-Length: ${jpeg(number).byteLength + wrong}\r\n\r\n`),
				jpeg(number),
				Buffer.from("\r\n"),
			]),
		);
		const found = read(Buffer.concat([body, Buffer.from("--b\r\n")]), "b", [100, 600, 700, 1_100]);
		expect(found.pictures.map(numberOf)).toEqual(numbers);
		expect(found.pictures.slice(1)).toEqual([jpeg(2), jpeg(3)]);
	});

	it("passing over empty parts and one that the end cuts off", () => {
		const body = Buffer.concat([
			Buffer.from("--b\r\n\r\n\r\n--b\r\nContent-Length: 0\r\n\r\n\r\n--b\r\n\r\n"),
			jpeg(4),
			Buffer.from("\r\n--b\r\n\r\n"),
			jpeg(5),
		]);
		expect(read(body, "b")).toMatchObject({ pictures: [jpeg(4)], refused: null });
	});

	it("and takes what looks like a delimiter inside a picture for a part of the picture", () => {
		const tricky = Buffer.concat([jpeg(1), Buffer.from("\r\n--bb\r\n--b\0\nx--b\r\n--b-c\r\n")]);
		const body = Buffer.concat([Buffer.from("--b\r\n\r\n"), tricky, Buffer.from("\r\n--b\r\n")]);
		expect(read(body, "b", [...body.keys()]).pictures).toEqual([tricky]);
	});

	it("or refuses it without ever throwing anything else, whatever bytes come", () => {
		const pieces = fc.constantFrom(
			"--b",
			"\r\n",
			"\n",
			"--",
			"Content-Length: 5",
			"Content-Type: image/png",
			"\r\n\r\n",
		);
		const noise = fc.array(
			fc.oneof(
				pieces.map((text) => Buffer.from(text)),
				fc.uint8Array({ maxLength: 50 }),
			),
		);
		fc.assert(
			fc.property(noise, fc.array(fc.nat(), { maxLength: 10 }), (chunks, places) => {
				read(Buffer.concat(chunks), "b", places, 100);
			}),
			{ seed },
		);
	});

	it("one by one, as they are asked for", () => {
		const reader = new MultipartReader("b", 1_000_000);
		reader.push(
			Buffer.concat([1, 2].flatMap((number) => [Buffer.from("--b\r\n\r\n"), jpeg(number), Buffer.from("\r\n")])),
		);
		reader.push(Buffer.from("--b--\r\n"));
		expect(numberOf(reader.next()!.bytes)).toBe(1);
		expect(reader.over).toBe(false);
		expect(numberOf(reader.next()!.bytes)).toBe(2);
		expect([reader.next(), reader.over]).toEqual([null, true]);
	});

	it("with a length that is too large, as soon as the next delimiter comes", () => {
		const body = Buffer.concat([
			Buffer.from("--b\r\nContent-Length: 900000\r\n\r\n"),
			jpeg(1),
			Buffer.from("\r\n--b\r\n\r\n"),
		]);
		expect(read(body, "b", [...body.keys()]).pictures).toEqual([jpeg(1)]);
	});

	it("behind the rest of a picture of many lines, where the stream is joined in its middle", () => {
		const rest = Buffer.alloc(900_000, `${"x".repeat(200)}\n`);
		const body = Buffer.concat([rest, Buffer.from("\n--b\r\n\r\n"), jpeg(1), Buffer.from("\r\n--b\r\n")]);
		const cuts = [...Array(14).keys()].map((n) => n * 65_536);
		expect(read(body, "b", cuts)).toMatchObject({ refused: null, pictures: [jpeg(1)] });
	});

	it("and takes no more room than a picture of the largest size, nor keeps it for small ones", () => {
		const most = 4_000_000;
		const reader = new MultipartReader("b", most);
		const send = (size: number) => {
			const body = Buffer.concat([Buffer.from("--b\r\n\r\n"), jpeg(1, size), Buffer.from("\r\n")]);
			for (let at = 0; at < body.byteLength; at += 65_536) {
				reader.push(body.subarray(at, at + 65_536));
				while (reader.next() !== null);
			}
		};
		send(3_900_000);
		send(3_900_000);
		expect(reader.room).toBeLessThan(most + 200_000);
		for (let count = 0; count < 200; count++) send(100_000);
		expect(reader.room).toBeLessThan(1_000_000);
	});

	it("and reads what it wrote itself", () => {
		const encoder = new PartEncoder();
		const pictures = [jpeg(1), jpeg(2, 5_000)];
		const written = pictures.map((bytes) => encoder.encode({ contentType: "image/jpeg", bytes }));
		const body = Buffer.concat([encoder.opening, ...written, encoder.closing]);
		const boundary = encoder.contentType.split("boundary=")[1] ?? "";
		expect(read(body, boundary)).toMatchObject({ pictures, over: true });
		expect(parts(body, encoder.contentType)).toEqual({ pictures, closed: true });
	});
});

describe("a live upstream is refused", () => {
	const small = 1_000;

	it.each([
		["by its length", Buffer.from(`--b\r\nContent-Length: ${small + 1}\r\n\r\n`)],
		["when it runs past the limit", Buffer.concat([Buffer.from("--b\r\n\r\n"), jpeg(1, small + 100)])],
		[
			"when it ends past the limit",
			Buffer.concat([Buffer.from("--b\n\n"), jpeg(1, small + 3), Buffer.from("\n--b\n")]),
		],
	])("for a part larger than MAX_FRAME_SIZE: %s", (_how, body) => {
		expect(read(body, "b", [], small).refused).toBe("the upstream's picture is too large");
	});

	it("but not for one of exactly MAX_FRAME_SIZE", () => {
		const picture = Buffer.concat([jpeg(1), Buffer.alloc(small)]).subarray(0, small);
		const body = Buffer.concat([Buffer.from("--b\r\n\r\n"), picture, Buffer.from("\r\n--b\r\n")]);
		expect(read(body, "b", [...body.keys()], small).pictures).toEqual([picture]);
	});

	it.each(["text/html", "image/svg+xml", "application/octet-stream", "multipart/mixed"])(
		"for a part of type %s",
		(type) => {
			const body = Buffer.concat([Buffer.from(`--b\r\nContent-Type: ${type}\r\n\r\n`), jpeg(1)]);
			expect(read(body, "b").refused).toBe("the upstream sent a part that is not a picture");
		},
	);

	it("for a part that calls itself a picture and is a page", () => {
		const body = Buffer.from("--b\r\nContent-Type: image/jpeg\r\n\r\n<html></html>\r\n--b\r\n");
		expect(read(body, "b").refused).toBe("the upstream sent something that is not a picture");
	});

	it("for headers of a part without end", () => {
		const body = Buffer.from(`--b\r\n${"X-Y: z\r\n".repeat(5_000)}`);
		expect(
			read(
				body,
				"b",
				[...Array(40).keys()].map((n) => n * 1_000),
			).refused,
		).toBe("the upstream's headers are too large");
		expect(read(Buffer.from(`--b\r\nX: ${"y".repeat(20_000)}`), "b").refused).toBe(
			"the upstream's headers are too large",
		);
	});

	// Each of these would cost far more time than its bytes: of a boundary of one letter, and within any size of a picture.
	const dear = 200_000;
	it.each([
		["parts of nothing", "x\n\n", "the upstream sent no picture"],
		["parts of nothing with headers", "x\nX-A: b\n\n\n", "the upstream sent no picture"],
		["blank lines", "\n", "the upstream sent no picture"],
		["short lines", "y\n", "the upstream sent no picture"],
		["short headers", `x\n${":\n".repeat(8_000)}\n`, "the upstream's headers are too large"],
		["what begins like a delimiter", `x\n\n${"\nxy".repeat(60_000)}`, "the upstream sent no picture"],
		[
			"what begins like a delimiter, in a part of known length",
			`x\nContent-Length: 900000\n\n${"\nxy".repeat(60_000)}`,
			"the upstream sent no picture",
		],
	])("for more of %s than cameras send between two pictures", (_what, text, reason) => {
		const head = Buffer.from(`x\nContent-Length: ${jpeg(1).byteLength}\n\n`);
		const body = Buffer.concat([head, jpeg(1), Buffer.from("\n"), Buffer.alloc(dear, text)]);
		expect(read(body, "x", [50_000, 100_000])).toMatchObject({ pictures: [jpeg(1)], refused: reason });
	});

	it("but not for a few of them, however many pictures come", () => {
		const between = "\n\n\nx\n\n\nx\nX-A: b\nX-B: c\n\n\nx\n";
		const body = Array.from({ length: 1_000 }, (_, number) => [
			Buffer.from(`${between}Content-Length: ${jpeg(number).byteLength}\n\n`),
			jpeg(number),
		]);
		const found = read(Buffer.concat([...body.flat(), Buffer.from("\nx--")]), "x");
		expect(found).toMatchObject({ refused: null, over: true });
		expect(found.pictures).toHaveLength(1_000);
	});

	it.each([
		["lines", Buffer.from("nothing\r\n".repeat(3_000))],
		["one line", Buffer.alloc(40_000, 0x78)],
	])("for never coming to a delimiter, in %s", (_how, body) => {
		const cuts = [...Array(40).keys()].map((n) => n * 1_000);
		expect(read(body, "b", cuts, small).refused).toBe("the upstream sent no picture");
	});
});
