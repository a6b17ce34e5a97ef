import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { type Route, route } from "../http/route.ts";
import type { RouteParts } from "./parts.ts";
import { fileReply, type StaticFile } from "./static-file.ts";

export type { StaticFile };

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
};
/** A built page is far below this; a wrong folder is not. */
const maxBytes = 64 * 1_048_576;

/**
 * Reads a folder of built files, whole, into memory: what is served later are these files and no path of the disk.
 * Files of a type that is not known are left out, links are not followed. Throws when the folder cannot be read or holds
 * more than 64 MiB.
 */
export async function readFiles(folder: string): Promise<StaticFile[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files: StaticFile[] = [];
	let size = 0;
	for (const entry of entries) {
		const type = types[extname(entry.name)];
		if (!entry.isFile() || type === undefined) continue;
		const path = join(entry.parentPath, entry.name);
		const bytes = await readFile(path);
		size += bytes.length;
		if (size > maxBytes) throw new Error(`${folder} holds more than ${maxBytes} bytes`);
		files.push({ path: relative(folder, path).replaceAll(sep, "/"), type, bytes, etag: etagOf(bytes) });
	}
	return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `GET /` and one route for every other file of the page. */
export function firstPageRoutes({ files }: RouteParts): Route[] {
	return files.map((file) => {
		const index = file.path === "index.html";
		return route({
			method: "GET",
			pattern: index ? "/" : `/${file.path}`,
			tag: "console",
			summary: index ? "The console" : "A file of the console",
			internal: !index,
			headers: ["if-none-match"],
			answers: [{ status: 200, description: "The file.", type: file.type }],
			faults: [],
			handle: (request) => fileReply(file, request),
		});
	});
}

function etagOf(bytes: Uint8Array): string {
	return `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
}
