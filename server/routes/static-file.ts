import type { Headers, Reply } from "../http/reply.ts";
import type { Request } from "../http/route.ts";

/** One file of the first page, in memory. */
export interface StaticFile {
	/** Below the folder, with slashes: `assets/index-3f2a.js`. */
	path: string;
	type: string;
	bytes: Uint8Array;
	etag: string;
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

/** A file as an answer: 304 when the client has it. */
export function fileReply(file: StaticFile, request: Pick<Request, "header">): Reply {
	const headers: Headers = {
		ETag: file.etag,
		// Names under assets/ hold a hash of the content; all others are asked for again.
		"Cache-Control": file.path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
		"Content-Security-Policy": contentSecurityPolicy,
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer",
	};
	const has = request
		.header("if-none-match")
		.split(",")
		.some((each) => each.trim().replace(/^W\//, "") === file.etag);
	if (has) return { kind: "empty", status: 304, headers };
	return { kind: "bytes", type: file.type, bytes: file.bytes, headers };
}
