import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * Where the demo keeps its data: DATA_DIR, else `./data`. Started as root in a folder that is closed to others, it keeps
 * them below /var/lib instead, a folder for each checkout: PostgreSQL does not run as root, and its user could not reach
 * them here.
 */
export async function demoFolder(env: NodeJS.ProcessEnv): Promise<string> {
	if (env["DATA_DIR"]) return resolve(env["DATA_DIR"]);
	const here = resolve("data");
	const closed = process.geteuid?.() === 0 ? await closedAbove(here) : null;
	if (closed === null) return here;
	const name = createHash("sha256").update(here).digest("hex").slice(0, 8);
	const elsewhere = join("/var/lib", `perigee-demo-${name}`);
	console.log(`The data are in ${elsewhere}, because only root may pass ${closed}.`);
	return elsewhere;
}

async function closedAbove(path: string): Promise<string | null> {
	for (let folder = dirname(path); ; folder = dirname(folder)) {
		if (((await stat(folder)).mode & 0o001) === 0) return folder;
		if (folder === dirname(folder)) return null;
	}
}
