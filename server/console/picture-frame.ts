import type { PictureType } from "../preview/content-type.ts";
import type { Picture } from "../preview/picture.ts";

/** Bytes before the picture. */
export const PICTURE_HEADER = 26;
/** The number of a type is its place. */
const TYPES: readonly PictureType[] = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp"];

/**
 * A picture as it goes to pages, copied: the form (1), its type, the stream's id (16 bytes), when it was received (ms since
 * 1970, big-endian float64), then the picture itself.
 */
export function pictureFrame(stream_id: string, received: number, { contentType, bytes }: Picture): Buffer {
	const frame = Buffer.allocUnsafe(PICTURE_HEADER + bytes.byteLength);
	frame[0] = 1;
	frame[1] = TYPES.indexOf(contentType);
	frame.write(stream_id.replaceAll("-", ""), 2, "hex");
	frame.writeDoubleBE(received, 18);
	frame.set(bytes, PICTURE_HEADER);
	return frame;
}
