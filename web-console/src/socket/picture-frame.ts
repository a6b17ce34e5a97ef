import { PICTURE_HEADER, PICTURE_TYPES } from "../../../client/console/protocol.ts";

/** One picture as it came in. */
export interface PictureFrame {
	readonly stream_id: string;
	/** When the service received it, ms since 1970. */
	readonly time: number;
	readonly type: (typeof PICTURE_TYPES)[number];
	/** A part of the frame; not copied. */
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads a binary frame of the socket; undefined when it has not the known form. */
export function decodePicture(frame: ArrayBuffer): PictureFrame | undefined {
	if (frame.byteLength <= PICTURE_HEADER) return undefined;
	const head = new DataView(frame, 0, PICTURE_HEADER);
	const type = PICTURE_TYPES[head.getUint8(1)];
	if (head.getUint8(0) !== 1 || type === undefined) return undefined;
	return {
		stream_id: uuid(new Uint8Array(frame, 2, 16)),
		time: head.getFloat64(18),
		type,
		bytes: new Uint8Array(frame, PICTURE_HEADER),
	};
}

function uuid(bytes: Uint8Array): string {
	const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
