import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const notOurs = new Set(["node_modules", "dist", "data", ".git", "coverage", "out", "generated", ".temp", "cache"]);

/** Paths below the project's root of the files in a folder whose names end in one of the given ways, with slashes. */
export function filesIn(folder: string, endings: readonly string[]): string[] {
	const entries = readdirSync(join(root, folder), { withFileTypes: true });
	return entries.flatMap((entry) => {
		const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
		if (notOurs.has(entry.name)) return [];
		if (entry.isDirectory()) return filesIn(path, endings);
		return entry.isFile() && endings.some((ending) => path.endsWith(ending)) ? [path] : [];
	});
}

export function read(path: string): string {
	return readFileSync(join(root, path), "utf8");
}

/** TypeScript with its comments blanked; strings stay, and a `//` inside one is told from a comment well enough. */
export function withoutComments(code: string): string {
	return code
		.replace(/\/\*[\s\S]*?\*\//g, "")
		.replace(/^(\s*)\/\/.*$/gm, "$1")
		.replace(/\s\/\/ .*$/gm, "");
}

export interface Import {
	/** The importing file. */
	from: string;
	/** What stands in the quotes. */
	specifier: string;
	/** The imported file of ours, or null for a package. */
	to: string | null;
	typeOnly: boolean;
}

/** All imports and re-exports of a file, the dynamic ones with a fixed name included. */
export function importsOf(path: string, code = read(path)): Import[] {
	const text = withoutComments(code);
	const statements = text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^"'`;]*?\sfrom\s+)?["']([^"']+)["']/gm);
	const calls = text.matchAll(/\bimport\(\s*(?:undefined)?["']([^"']+)["']/g);
	const found = [...statements].map(([, type, specifier = ""]) => ({ specifier, typeOnly: type !== undefined }));
	found.push(...[...calls].map(([, specifier = ""]) => ({ specifier, typeOnly: false })));
	return found.map((each) => ({ from: path, ...each, to: resolve(path, each.specifier) }));
}

function resolve(from: string, specifier: string): string | null {
	return specifier.startsWith(".") ? join(from, "..", specifier).replaceAll("\\", "/") : null;
}
