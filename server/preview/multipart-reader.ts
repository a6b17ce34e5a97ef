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

type State =
	/** Looks for a line that is the delimiter. */
	| "between"
	/** Reads a part's headers. */
	| "headers"
	/** Reads a body of a known length. */
	| "counted"
	/** Reads a body up to the next delimiter. */
	| "delimited"
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
 * Empty parts are passed over, and so is a part that the upstream's end cuts off.
 */
export class MultipartReader {
	readonly #boundary: string;
	readonly #maxFrameSize: number;
	readonly #onPicture: (picture: Picture) => void;
	readonly #window = new ByteWindow();
	#state: State = "between";
	/** The line between the parts, once seen. */
	#delimiter: Buffer | null = null;
	/** How many bytes of the window were searched without success. */
	#searched = 0;
	/** Bytes of this state that were read and dropped. */
	#passed = 0;
	/** What is next in the window is the rest of a line too long to be a delimiter. */
	#insideLine = false;
	/** The last body was taken by its length, and its end is not confirmed by a delimiter yet. */
	#unconfirmed = false;
	#lengthsHold = true;
	#length: number | null = null;

	/**
	 * @param boundary as the Content-Type header gives it.
	 * @param onPicture receives each picture; its bytes are only valid during the call.
	 */
	constructor(boundary: string, maxFrameSize: number, onPicture: (picture: Picture) => void) {
		this.#boundary = boundary;
		this.#maxFrameSize = maxFrameSize;
		this.#onPicture = onPicture;
	}

	/** True after the closing delimiter: nothing that follows is read. */
	get over(): boolean {
		return this.#state === "over";
	}

	/**
	 * Reads on; calls `onPicture` for each picture that is whole now.
	 * @throws {Fault} 39010 when a part is too large or no picture, or there are no parts to be found.
	 */
	push(chunk: Uint8Array): void {
		if (this.over) return;
		this.#window.append(chunk);
		while (this.#step());
	}

	/** One step of the reading; false when it needs more bytes. */
	#step(): boolean {
		if (this.#state === "between") return this.#readBetween();
		if (this.#state === "headers") return this.#readHeader();
		if (this.#state === "counted") return this.#readCounted();
		if (this.#state === "delimited") return this.#readDelimited();
		return false;
	}

	#enter(state: State): void {
		this.#state = state;
		this.#searched = 0;
		this.#passed = 0;
		if (state === "headers") this.#length = null;
	}

	#readBetween(): boolean {
		const line = this.#line();
		if (line === null) {
			const { bytes } = this.#window;
			// The last delimiter of all may have no line end.
			const closing = this.#delimiter !== null && !this.#insideLine && isPrefix(this.#delimiter, bytes);
			if (closing && isClosing(bytes, this.#delimiter)) this.#enter("over");
			else if (bytes.byteLength > maxLine) {
				this.#drop(bytes.byteLength);
				this.#insideLine = true;
			}
			return false;
		}
		const inside = this.#insideLine;
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
			const delimiter = this.#delimiter.toString("latin1");
			return text === delimiter ? "delimiter" : text === `${delimiter}--` ? "closing" : "other";
		}
		const core = this.#boundary.replace(/^-+/, "");
		const bare = text.replace(/^-+/, "");
		if (text === `--${this.#boundary}` || (core !== "" && bare === core)) {
			this.#delimiter = Buffer.from(text, "latin1");
			return "delimiter";
		}
		return text === `--${this.#boundary}--` || (core !== "" && bare === `${core}--`) ? "closing" : "other";
	}

	#readHeader(): boolean {
		const line = this.#line();
		if (line === null) {
			this.#boundHeaders(this.#window.bytes.byteLength);
			return false;
		}
		this.#boundHeaders(0);
		const text = line.toString("latin1").trim();
		if (text === "") {
			this.#enter(this.#length !== null && this.#lengthsHold ? "counted" : "delimited");
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

	#readCounted(): boolean {
		const length = this.#length ?? 0;
		if (this.#window.bytes.byteLength < length) return false;
		const body = this.#window.bytes.subarray(0, length);
		const early = this.#findDelimiter(body, 0);
		if (early !== null) {
			this.#lengthsHold = false;
			this.#searched = 0;
			this.#state = "delimited";
			return true;
		}
		this.#unconfirmed = true;
		this.#give(body);
		this.#window.drop(length);
		this.#enter("between");
		return true;
	}

	#readDelimited(): boolean {
		const { bytes } = this.#window;
		const found = this.#findDelimiter(bytes, this.#searched);
		if (found === null) {
			const tail = (this.#delimiter?.byteLength ?? 0) + 4;
			if (bytes.byteLength > this.#maxFrameSize + tail) throw refused("the upstream's picture is too large");
			this.#searched = Math.max(0, bytes.byteLength - tail);
			return false;
		}
		this.#give(bytes.subarray(0, found.bodyEnd));
		this.#window.drop(found.lineStart);
		this.#enter("between");
		return true;
	}

	/** The first whole delimiter line at or after `from`: where it starts, and where the body before it ends. */
	#findDelimiter(bytes: Buffer, from: number): { bodyEnd: number; lineStart: number } | null {
		const delimiter = this.#delimiter;
		if (delimiter === null) return null;
		for (let at = bytes.indexOf(delimiter, from); at >= 0; at = bytes.indexOf(delimiter, at + 1)) {
			if (at > 0 && bytes[at - 1] !== LF) continue;
			if (!endsLine(bytes, at + delimiter.byteLength)) continue;
			const bodyEnd = at === 0 ? 0 : bytes[at - 2] === CR ? at - 2 : at - 1;
			return { bodyEnd, lineStart: at };
		}
		return null;
	}

	#give(body: Buffer): void {
		if (body.byteLength === 0) return;
		if (body.byteLength > this.#maxFrameSize) throw refused("the upstream's picture is too large");
		this.#onPicture(asPicture(body));
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

	#boundHeaders(coming: number): void {
		if (this.#passed + coming > maxHeaders) throw refused("the upstream's headers are too large");
	}
}

/** Whether a delimiter that ends at `at` ends there by what follows: a line end, blanks before it, or the closing dashes. */
function endsLine(bytes: Buffer, at: number): boolean {
	const next = bytes[at];
	if (next === DASH) return bytes[at + 1] === DASH;
	return next === CR || next === LF || next === 0x20 || next === 0x09;
}

function isPrefix(prefix: Buffer, bytes: Buffer): boolean {
	return bytes.byteLength >= prefix.byteLength && bytes.subarray(0, prefix.byteLength).equals(prefix);
}

function isClosing(bytes: Buffer, delimiter: Buffer | null): boolean {
	const at = delimiter?.byteLength ?? 0;
	return bytes[at] === DASH && bytes[at + 1] === DASH;
}
