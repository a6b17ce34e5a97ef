import { opendir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SourceError } from "../source-errors.ts";
import type { Folders } from "./folders.ts";

/** More pictures than this in one reference are refused: their names alone would fill the memory. */
export const MAX_PICTURES = 200_000;
const PICTURE = /\.(jpe?g|png|bmp|webp|tiff?|ppm|pgm)$/i;

/**
 * The pictures that a reference of type `images` means, as real paths in the order of their names: all pictures of a
 * folder, one picture, or those whose name matches a last part with `*`, `?` or `%05d`. Folders within are not entered.
 * Throws SourceError.
 */
export async function findPictures(reference: string, folders: Folders): Promise<string[]> {
	const path = reference.replace(/^file:(\/\/)?/i, "");
	const last = basename(path);
	if (/[*?]|%\d*d/.test(last)) return list(await folders.find(dirname(path)), pattern(last), path, folders);
	const real = await folders.find(path);
	if ((await stat(real)).isDirectory()) return list(real, PICTURE, path, folders);
	return [real];
}

async function list(folder: string, names: RegExp, path: string, folders: Folders): Promise<string[]> {
	const found: string[] = [];
	for await (const entry of await opendir(folder)) {
		if (entry.isDirectory() || !PICTURE.test(entry.name) || !names.test(entry.name)) continue;
		if (found.length === MAX_PICTURES)
			throw new SourceError("bad_reference", `'${path}' means more than ${MAX_PICTURES} pictures`);
		// A link may lead out of the allowed folders.
		found.push(entry.isSymbolicLink() ? await folders.find(join(folder, entry.name)) : join(folder, entry.name));
	}
	if (found.length === 0) throw new SourceError("no_pictures", `'${path}' means no pictures`);
	return found.sort((one, other) => (one < other ? -1 : 1));
}

function pattern(name: string): RegExp {
	const parts = name.split(/(\*+|\?|%\d*d)/).map((part) => {
		if (part.startsWith("*")) return "[^/]*";
		if (part === "?") return "[^/]";
		if (/^%\d*d$/.test(part)) return "\\d+";
		return part.replace(/[.\\+^${}()|[\]]/g, "\\$&");
	});
	return new RegExp(`^${parts.join("")}$`);
}
