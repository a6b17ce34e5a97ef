import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What PostgreSQL writes of itself into `postmaster.pid` in its data folder. */
export interface PostmasterFile {
	pid: number;
	/** `starting`, `ready`, `stopping` or `standby`; empty in the first moments. */
	status: string;
}

export function postmasterFile(cluster: string): string {
	return join(cluster, "postmaster.pid");
}

/** Null when there is none, or it is just being written. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | null> {
	let lines: string[];
	try {
		lines = (await readFile(postmasterFile(cluster), "utf8")).split("\n");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
	const pid = Number(lines[0]);
	return Number.isInteger(pid) && pid > 0 ? { pid, status: (lines[7] ?? "").trim() } : null;
}
