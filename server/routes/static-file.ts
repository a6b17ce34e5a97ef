import { createHash } from "node:crypto";
import { extname } from "node:path";
import { acceptedEncoding, ENCODINGS, type Encoding } from "../accept.ts";
import type { Headers, Reply } from "../http/reply.ts";
import type { Request } from "../http/route.ts";

/** One file that browsers are given as it is, in memory. */
export interface StaticFile {
	/** Below the folder, with slashes: `assets/index-3f2a.js`. */
	path: string;
	type: string;
	bytes: Uint8Array;
	etag: string;
	/** The same compressed, as far as that was done when it was built. */
	encoded: Partial<Readonly<Record<Encoding, Uint8Array>>>;
}

/** How the names of compressed copies end. */
export const COPIES: Readonly<Record<Encoding, string>> = { br: ".br", gzip: ".gz" };

const types: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json",
	".svg": "image/svg+xml",
	".png": "image/png",
	".jpg": "image/jpeg",
	".webp": "image/webp",
	".ico": "image/x-icon",
	".woff2": "font/woff2",
	".webmanifest": "application/manifest+json",
	".txt": "text/plain; charset=utf-8",
	".yaml": "application/x-yaml",
};

/** Whether files whose name ends like this are served. */
export function isServed(name: string): boolean {
	return types[extname(name)] !== undefined;
}

/** A file of the type that its name ends in; text is UTF-8. */
export function staticFile(
	path: string,
	content: Uint8Array | string,
	encoded: StaticFile["encoded"] = {},
): StaticFile {
	const type = types[extname(path)] ?? "application/octet-stream";
	const bytes = typeof content === "string" ? Buffer.from(content) : content;
	const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
	return { path, type, bytes, etag, encoded };
}

/** Nothing but what this service serves itself; live pictures and the console's socket are among it. */
const contentSecurityPolicy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"connect-src 'self'",
	"manifest-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

/** Request headers that `fileReply` looks at. */
export const fileHeaders = ["if-none-match", "accept-encoding"] as const;

/** A file as an answer, compressed as the client likes it best: 304 when the client has it. */
export function fileReply(file: StaticFile, request: Pick<Request, "header">): Reply {
	const offered = ENCODINGS.filter((each) => file.encoded[each] !== undefined);
	const encoding = acceptedEncoding(request.header("accept-encoding"), offered);
	const etag = encoding === undefined ? file.etag : `${file.etag.slice(0, -1)}-${encoding}"`;
	const headers: Headers = {
		ETag: etag,
		// Names under assets/ hold a hash of the content; all others are asked for again.
		"Cache-Control": file.path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
		"Content-Security-Policy": contentSecurityPolicy,
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer",
		...(offered.length > 0 ? { Vary: "Accept-Encoding" } : {}),
	};
	const has = request
		.header("if-none-match")
		.split(",")
		.map((each) => each.trim().replace(/^W\//, ""))
		.some((each) => each === etag || each === "*");
	if (has) return { kind: "empty", status: 304, headers };
	const bytes = encoding === undefined ? undefined : file.encoded[encoding];
	if (encoding === undefined || bytes === undefined) {
		return { kind: "bytes", type: file.type, bytes: file.bytes, headers };
	}
	return { kind: "bytes", type: file.type, bytes, headers: { ...headers, "Content-Encoding": encoding } };
}
