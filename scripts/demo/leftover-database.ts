import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const WITHIN_MS = 15_000;

/**
 * Ends the built-in database server of a service that died without ending it: it outlives its service on purpose, and
 * the next start would take it over, but the demo leaves nothing running. Does nothing when there is none.
 *
 * @param data the service's DATA_DIR
 */
export async function endLeftoverDatabase(data: string): Promise<void> {
	const folder = join(data, "postgres");
	const pid = await serverOf(folder);
	if (pid === undefined) return;
	// PostgreSQL's fast and orderly end.
	process.kill(pid, "SIGINT");
	const until = performance.now() + WITHIN_MS;
	while ((await serverOf(folder)) === pid && performance.now() < until) await delay(100);
}

/** The process that serves this folder: PostgreSQL writes its id there, and its command line must name the folder. */
async function serverOf(folder: string): Promise<number | undefined> {
	try {
		const pid = Number((await readFile(join(folder, "postmaster.pid"), "utf8")).split("\n")[0]);
		if (!Number.isInteger(pid) || pid <= 1) return undefined;
		const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
		return command.split("\0").includes(folder) ? pid : undefined;
	} catch {
		// No such file: no server, or one that has just ended.
		return undefined;
	}
}
