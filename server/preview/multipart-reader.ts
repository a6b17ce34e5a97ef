import { ByteWindow } from "./byte-window.ts";
import { isPictureType, parseContentType } from "./content-type.ts";
import { asPicture, type Picture } from "./picture.ts";
import { refused } from "./refusal.ts";

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
/** Bytes of headers that one part may have, and bytes beside the parts that may stand between two of them. */
const maxHeaders = 16_384;
/** No delimiter is longer: what follows on a line without an end is not looked at. */
const maxLine = 1_024;
/** Lines of headers that one part may have. */
const maxHeaderLines = 128;
/**
 * Lines of all kinds from one picture to the next, of which cameras need some ten: every line costs time, however short it
 * is. The rest of a picture may stand between two parts as well, which has a line in every 256 bytes or so: one more may
 * come for every 64 bytes of it.
 */
const maxLines = 1_024;
const bytesALine = 64;
/** Bytes that may wait behind a picture of the largest size: what came with its end. */
const maxAhead = 131_072;
/** Places in one body that begin as the delimiter does and are none. A large picture has a hundred if the boundary is one letter. */
const maxLookalikes = 1_024;
/** Bytes of which Node's search takes leaps. */
const shortSought = 8;

type State =
	/** Looks for a line that is the delimiter. */
	| "between"
	/** Reads a part's headers. */
	| "headers"
	/** Reads a body, up to its length if that is known and to the next delimiter in any case. */
	| "body"
	/** The closing delimiter was read. */
	| "over";

/**
 * Takes a multipart/x-mixed-replace body apart into whole pictures, in the dialects that cameras speak:
 * - the lines between the parts may be the boundary with two dashes before it, as the standard says, or the boundary as
 *   it stands, or with another number of dashes; the first such line shows which, and only that one counts from then on;
 * - lines end with CRLF or LF; anything may stand before the first delimiter and blank lines before each;
 * - a part may have a Content-Length, which lets its picture pass before the next one begins. Once one was wrong, no
 *   other is believed. A part without one ends at the line end before the next delimiter.
 * - parts without a Content-Type are judged by their bytes alone.
 *
 * A few empty parts are passed over, and so is a part that the upstream's end cuts off.
 *
 * It is given bytes by `push` and asked for pictures by `next`, so that whoever reads says when it goes on.
 */
export class MultipartReader {
	/** The lines that may be the first delimiter: the boundary with two dashes, or the rest of it with any number of them. */
	readonly #standard: string;
	readonly #core: string;
	readonly #maxFrameSize: number;
	readonly #window: ByteWindow;
	#state: State = "between";
	/** The line between the parts, once seen; alone, and as it stands after the body that it ends. */
	#delimiter: { readonly text: string; readonly line: Buffer; readonly behind: Buffer } | null = null;
	/** How many bytes of the window were searched without success. */
	#searched = 0;
	/** Bytes of this state that were read and dropped. */
	#passed = 0;
	/** Lines since the last picture, the bytes of those that stand between parts, and the lines of this part's headers. */
	#lines = 0;
	#beside = 0;
	#headerLines = 0;
	#lookalikes = 0;
	/** What is next in the window is the rest of a line too long to be a delimiter. */
	#insideLine = false;
	/** The last body was taken by its length, and its end is not confirmed by a delimiter yet. */
	#unconfirmed = false;
	#lengthsHold = true;
	#length: number | null = null;
	/** A picture that is whole and was not asked for yet. */
	#picture: Picture | null = null;

	/** @param boundary as the Content-Type header gives it. */
	constructor(boundary: string, maxFrameSize: number) {
		this.#standard = `--${boundary}`;
		this.#core = boundary.replace(/^-+/, "");
		this.#maxFrameSize = maxFrameSize;
		this.#window = new ByteWindow(maxFrameSize + maxAhead);
	}

	/** True after the closing delimiter: nothing that follows is read. */
	get over(): boolean {
		return this.#state === "over";
	}

	/** Bytes of memory that it takes. */
	get room(): number {
		return this.#window.room;
	}

	/** Takes bytes, which `next` reads. */
	push(chunk: Uint8Array): void {
		if (!this.over) this.#window.append(chunk);
	}

	/**
	 * Reads on to the next picture that is whole; null when more bytes are needed for it. The picture's bytes are valid until
	 * the next `push`. It takes a moment at most, whatever was pushed.
	 * @throws {Fault} 39010 when a part is too large or no picture, or there are no parts to be found.
	 */
	next(): Picture | null {
		while (this.#picture === null && this.#step());
		const picture = this.#picture;
		this.#picture = null;
		return picture;
	}

	/** One step of the reading; false when it needs more bytes. */
	#step(): boolean {
		if (this.#state === "between") return this.#readBetween();
		if (this.#state === "headers") return this.#readHeader();
		if (this.#state === "body") return this.#readBody();
		return false;
	}

	#enter(state: State): void {
		this.#state = state;
		this.#searched = 0;
		this.#passed = 0;
		this.#lookalikes = 0;
		if (state !== "headers") return;
		this.#length = null;
		this.#headerLines = 0;
	}

	#readBetween(): boolean {
		const line = this.#line();
		if (line === null) {
			const { bytes } = this.#window;
			// The last delimiter of all may have no line end.
			if (!this.#insideLine && this.#isClosing(bytes)) this.#enter("over");
			else if (bytes.byteLength > maxLine) {
				this.#drop(bytes.byteLength);
				this.#insideLine = true;
			}
			return false;
		}
		const inside = this.#insideLine || line.byteLength > maxLine;
		this.#insideLine = false;
		this.#drop(0);
		const text = inside ? "" : line.toString("latin1").trimEnd();
		if (text === "" && !inside) return true;
		const kind = inside ? "other" : this.#kindOf(text);
		if (kind === "other") {
			if (this.#unconfirmed) this.#lengthsHold = false;
			return true;
		}
		this.#unconfirmed = false;
		this.#enter(kind === "closing" ? "over" : "headers");
		return true;
	}

	#kindOf(text: string): "delimiter" | "closing" | "other" {
		if (this.#delimiter !== null) {
			const delimiter = this.#delimiter.text;
			return text === delimiter ? "delimiter" : text === `${delimiter}--` ? "closing" : "other";
		}
		const core = this.#core;
		const bare = text.replace(/^-+/, "");
		if (text === this.#standard || (core !== "" && bare === core)) {
			this.#delimiter = { text, line: Buffer.from(text, "latin1"), behind: Buffer.from(`\n${text}`, "latin1") };
			return "delimiter";
		}
		return text === `${this.#standard}--` || (core !== "" && bare === `${core}--`) ? "closing" : "other";
	}

	#readHeader(): boolean {
		const line = this.#line();
		if (line === null) {
			this.#boundHeaders(this.#window.bytes.byteLength);
			return false;
		}
		this.#boundHeaders(0);
		if (++this.#headerLines > maxHeaderLines) throw refused("the upstream's headers are too large");
		const text = line.toString("latin1").trim();
		if (text === "") {
			if (!this.#lengthsHold) this.#length = null;
			this.#enter("body");
			return true;
		}
		const colon = text.indexOf(":");
		const name = text.slice(0, colon).trim().toLowerCase();
		const value = text.slice(colon + 1).trim();
		if (name === "content-type" && !isPictureType(parseContentType(value).type))
			throw refused("the upstream sent a part that is not a picture");
		if (name === "content-length") {
			const length = /^\d{1,15}$/.test(value) ? Number(value) : 0;
			if (length > this.#maxFrameSize) throw refused("the upstream's picture is too large");
			// Some write 0 for "not known"; an empty part is found by its delimiter as well.
			this.#length = length === 0 ? null : length;
		}
		return true;
	}

	#readBody(): boolean {
		const { bytes } = this.#window;
		const length = this.#length;
		const whole = length !== null && bytes.byteLength >= length;
		const body = whole ? bytes.subarray(0, length) : bytes;
		const found = this.#findDelimiter(body, whole);
		if (found !== null) {
			if (length !== null) this.#lengthsHold = false;
			this.#give(body.subarray(0, found.bodyEnd), found.lineStart);
			return true;
		}
		if (whole) {
			this.#unconfirmed = true;
			this.#give(body, length);
			return true;
		}
		const tail = (this.#delimiter?.behind.byteLength ?? 0) + 3;
		if (length === null && bytes.byteLength > this.#maxFrameSize + tail)
			throw refused("the upstream's picture is too large");
		return false;
	}

	/**
	 * The next whole delimiter line: where it starts, and where the body before it ends. Null when there is none so far; what
	 * was searched is not searched again when more has come.
	 * @param whole nothing more comes.
	 */
	#findDelimiter(bytes: Buffer, whole: boolean): { bodyEnd: number; lineStart: number } | null {
		if (this.#delimiter === null) return null;
		const { line, behind } = this.#delimiter;
		if (this.#searched === 0) {
			if (!whole && bytes.byteLength < line.byteLength + 2) return null;
			const first = bytes.subarray(0, line.byteLength).equals(line) && endsLine(bytes, line.byteLength);
			if (first) return { bodyEnd: 0, lineStart: 0 };
		}
		for (let at = find(bytes, behind, this.#searched); at >= 0; at = find(bytes, behind, at + 1)) {
			const ends = endsLine(bytes, at + behind.byteLength);
			if (ends) return { bodyEnd: at > 0 && bytes[at - 1] === CR ? at - 1 : at, lineStart: at + 1 };
			if (ends === null && !whole) {
				this.#searched = at;
				return null;
			}
			if (++this.#lookalikes > maxLookalikes) throw refused("the upstream sent no picture");
		}
		this.#searched = Math.max(this.#searched, bytes.byteLength - behind.byteLength + 1);
		return null;
	}

	/** Takes a part's body out of the window, with what else there is up to `end`. */
	#give(body: Buffer, end: number): void {
		if (body.byteLength > this.#maxFrameSize) throw refused("the upstream's picture is too large");
		if (body.byteLength > 0) {
			this.#picture = asPicture(body);
			this.#lines = 0;
			this.#beside = 0;
		}
		this.#window.drop(end);
		this.#enter("between");
	}

	/** Takes the next line out of the window, without its LF; null when its end has not come. */
	#line(): Buffer | null {
		const { bytes } = this.#window;
		const end = bytes.indexOf(LF, this.#searched);
		if (end < 0) {
			this.#searched = bytes.byteLength;
			return null;
		}
		this.#searched = 0;
		this.#passed += end + 1;
		if (this.#state === "between") this.#beside += end + 1;
		if (++this.#lines > maxLines + this.#beside / bytesALine) throw refused("the upstream sent no picture");
		this.#window.drop(end + 1);
		return bytes.subarray(0, end);
	}

	/** Drops bytes that belong to no part, and refuses an upstream that sends more of them than a picture has. */
	#drop(count: number): void {
		this.#window.drop(count);
		this.#searched = 0;
		this.#passed += count;
		if (this.#passed > this.#maxFrameSize + maxHeaders) throw refused("the upstream sent no picture");
	}

	/** Whether the closing delimiter is all that is left. */
	#isClosing(bytes: Buffer): boolean {
		if (this.#delimiter === null) return false;
		const { line } = this.#delimiter;
		const at = line.byteLength;
		return bytes.subarray(0, at).equals(line) && bytes[at] === DASH && bytes[at + 1] === DASH;
	}

	#boundHeaders(coming: number): void {
		if (this.#passed + coming > maxHeaders) throw refused("the upstream's headers are too large");
	}
}

/** Where bytes that begin with a line end stand at or after `from`, or -1. */
function find(bytes: Buffer, sought: Buffer, from: number): number {
	// Node looks for the first byte of a short one alone, and stops at each: a body full of line ends would cost three times this.
	if (sought.byteLength >= shortSought) return bytes.indexOf(sought, from);
	const second = sought[1];
	const last = bytes.byteLength - sought.byteLength;
	for (let at = from; at <= last; at++) {
		if (bytes[at] !== LF || bytes[at + 1] !== second) continue;
		if (bytes.subarray(at, at + sought.byteLength).equals(sought)) return at;
	}
	return -1;
}

/** Whether a delimiter that ends at `at` ends there by what follows: a line end, blanks before it, or the closing dashes. Null: that has not come. */
function endsLine(bytes: Buffer, at: number): boolean | null {
	const next = bytes[at];
	if (next === undefined) return null;
	if (next !== DASH) return next === CR || next === LF || next === 0x20 || next === 0x09;
	return at + 1 < bytes.byteLength ? bytes[at + 1] === DASH : null;
}
