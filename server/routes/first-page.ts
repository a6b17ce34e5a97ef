import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type Route, route } from "../http/route.ts";
import type { RouteParts } from "./parts.ts";
import { COPIES, fileHeaders, fileReply, isServed, type StaticFile, staticFile } from "./static-file.ts";

export type { StaticFile };

/** What is built is far below this; a wrong folder is not. */
const maxBytes = 64 * 1_048_576;

/**
 * Reads a folder of built files, whole, into memory: what is served later are these files and no path of the disk.
 * A file's compressed copies (`.br`, `.gz` beside it) come with it. Files of a type that is not known are left out, links are not followed. Throws when the folder cannot be read or holds
 * more than 64 MiB.
 */
export async function readFiles(folder: string): Promise<StaticFile[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const names = new Set(entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name)));
	const files: StaticFile[] = [];
	let size = 0;
	const read = async (path: string) => {
		const bytes = await readFile(path);
		size += bytes.length;
		if (size > maxBytes) throw new Error(`${folder} holds more than ${maxBytes} bytes`);
		return bytes;
	};
	for (const path of names) {
		if (!isServed(path)) continue;
		const encoded: StaticFile["encoded"] = {
			...(names.has(path + COPIES.br) ? { br: await read(path + COPIES.br) } : {}),
			...(names.has(path + COPIES.gzip) ? { gzip: await read(path + COPIES.gzip) } : {}),
		};
		files.push(staticFile(relative(folder, path).replaceAll(sep, "/"), await read(path), encoded));
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
			access: "public",
			tag: "console",
			summary: index ? "The console" : "A file of the console",
			internal: !index,
			headers: fileHeaders,
			answers: [{ status: 200, description: "The file.", type: file.type }],
			faults: [],
			handle: (request) => fileReply(file, request),
		});
	});
}
