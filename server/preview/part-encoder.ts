import { randomBytes } from "node:crypto";
import { multipartType } from "./content-type.ts";
import type { Picture } from "./picture.ts";

/**
 * Writes pictures as a multipart/x-mixed-replace body: `opening`, a part for each picture, `closing`. A part ends with the
 * next boundary, so that a client knows at once that its picture is whole.
 *
 * The boundary is random: an upstream that knew it could put parts of other types into its pictures.
 */
export class PartEncoder {
	readonly #boundary = `perigee-${randomBytes(12).toString("hex")}`;
	readonly opening: Uint8Array = Buffer.from(`--${this.#boundary}`);
	readonly closing: Uint8Array = Buffer.from("--\r\n");

	/** For the answer's header. */
	get contentType(): string {
		return `${multipartType}; boundary=${this.#boundary}`;
	}

	/** One picture as a part, copied: the picture's bytes may change afterwards. */
	encode({ contentType, bytes }: Picture): Uint8Array {
		const head = `\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes.byteLength}\r\n\r\n`;
		return Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${this.#boundary}`)]);
	}
}
