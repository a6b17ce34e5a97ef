import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { isAbsolute, resolve, sep } from "node:path";
import { SourceError } from "../source-errors.ts";

/**
 * The folders that local references may lie in. A path counts as what it really is: links are followed first, and what
 * they lead to must lie below one of the folders (which may be links themselves).
 */
export class Folders {
	readonly #folders: readonly string[];

	constructor(folders: readonly string[]) {
		this.#folders = folders;
	}

	/**
	 * The real path of a file or folder. A relative one is looked for below each folder in turn. What lies outside is
	 * forbidden whether it exists or not, so that nobody can ask what exists. Throws SourceError.
	 */
	async find(path: string): Promise<string> {
		if (path.includes("\0")) throw new SourceError("bad_reference", "a path holds no zero character");
		const roots = await this.#roots();
		if (roots.length === 0) throw new SourceError("forbidden_path", "this agent reads no local files");
		const candidates = isAbsolute(path) ? [resolve(path)] : this.#folders.map((folder) => resolve(folder, path));
		for (const candidate of candidates) {
			// Before anything is asked of the file system: neither `..` nor another place is looked at.
			if (
				!this.#folders.some((folder) => below(resolve(folder), candidate)) &&
				!roots.some((root) => below(root, candidate))
			)
				throw new SourceError("forbidden_path", `'${path}' lies outside the folders of this agent`);
			const real = await realpath(candidate).catch(() => null); // Absent, or a link into nothing: the next folder.
			if (real === null) continue;
			if (!roots.some((root) => below(root, real)))
				throw new SourceError("forbidden_path", `'${path}' lies outside the folders of this agent`);
			const readable = await access(real, constants.R_OK).then(
				() => true,
				() => false, // Why it may not be read makes no difference.
			);
			if (!readable) throw new SourceError("file_not_readable", `'${path}' may not be read by this agent`);
			return real;
		}
		throw new SourceError("file_not_found", `'${path}' does not exist`);
	}

	async #roots(): Promise<string[]> {
		// A folder that is not there (yet) allows nothing.
		const roots = await Promise.all(this.#folders.map((folder) => realpath(folder).catch(() => null)));
		return roots.filter((root) => root !== null);
	}
}

function below(folder: string, path: string): boolean {
	return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
