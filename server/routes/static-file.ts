import { createHash } from "node:crypto";
import { extname } from "node:path";
import type { Headers, Reply } from "../http/reply.ts";
import type { Request } from "../http/route.ts";

/** One file that browsers are given as it is, in memory. */
export interface StaticFile {
	/** Below the folder, with slashes: `assets/index-3f2a.js`. */
	path: string;
	type: string;
	bytes: Uint8Array;
	etag: string;
}

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
export function staticFile(path: string, content: Uint8Array | string): StaticFile {
	const type = types[extname(path)] ?? "application/octet-stream";
	const bytes = typeof content === "string" ? Buffer.from(content) : content;
	const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
	return { path, type, bytes, etag };
}

/** Nothing but what this service serves itself; live pictures and the console's socket are among it. */
const directives: Readonly<Record<string, string>> = {
	"default-src": "'none'",
	"script-src": "'self'",
	"style-src": "'self'",
	"img-src": "'self' data: blob:",
	"font-src": "'self'",
	"connect-src": "'self'",
	"manifest-src": "'self'",
	"base-uri": "'none'",
	"form-action": "'none'",
	"frame-ancestors": "'none'",
};
const strictPolicy = policy(directives);

/**
 * The content security policy of a page whose generator writes scripts and styles into it: these very scripts may run, by
 * their digests, and no others; styles may stand in it.
 */
export function generatedPagePolicy(page: string): string {
	const scripts = [...page.matchAll(/<script\b(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)];
	const digests = scripts.map(([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
	return policy({
		...directives,
		"script-src": ["'self'", ...new Set(digests)].join(" "),
		"style-src": "'self' 'unsafe-inline'",
	});
}

/** A file as an answer: 304 when the client has it. `contentPolicy` is strict unless another is given. */
export function fileReply(file: StaticFile, request: Pick<Request, "header">, contentPolicy = strictPolicy): Reply {
	const headers: Headers = {
		ETag: file.etag,
		// Names under assets/ hold a hash of the content; all others are asked for again.
		"Cache-Control": file.path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
		"Content-Security-Policy": contentPolicy,
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

function policy(each: Readonly<Record<string, string>>): string {
	return Object.entries(each)
		.map(([name, sources]) => `${name} ${sources}`)
		.join("; ");
}
