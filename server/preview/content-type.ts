/** The content types of pictures that pass (contract, section 11). */
export type PictureType = "image/jpeg" | "image/png" | "image/webp" | "image/gif" | "image/avif" | "image/bmp";

/** The content type of a live stream of pictures. */
export const multipartType = "multipart/x-mixed-replace";

/** What upstreams may call a picture: many cameras say `image/jpg`. */
const declared: ReadonlySet<string> = new Set([
	"image/jpeg",
	"image/jpg",
	"image/png",
	"image/webp",
	"image/gif",
	"image/avif",
	"image/bmp",
]);

/** Whether an upstream that declares this content type (lower case, without parameters) may go on to send a picture. */
export function isPictureType(type: string): boolean {
	return declared.has(type);
}

/** A Content-Type header: `type` in lower case, and its boundary, null when it has none. */
export interface ContentType {
	readonly type: string;
	readonly boundary: string | null;
}

/** Reads a Content-Type header, absent as an empty type. The boundary may be quoted and may be anything unquoted up to a semicolon. */
export function parseContentType(header: string | undefined): ContentType {
	const text = header ?? "";
	const end = text.indexOf(";");
	const type = (end < 0 ? text : text.slice(0, end)).trim().toLowerCase();
	const match = /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/i.exec(text);
	const boundary = (match?.[1]?.replace(/\\(.)/g, "$1") ?? match?.[2] ?? "").trim();
	return { type, boundary: boundary === "" ? null : boundary };
}
