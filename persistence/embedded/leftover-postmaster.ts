import { execFile } from "node:child_process";
import { readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import type { DatabaseLogger } from "./database-logger.ts";
import { postmasterFile, readPostmasterFile } from "./postmaster-file.ts";
import { processEnded, processIdentity } from "./process-identity.ts";

const run = promisify(execFile);

/**
 * Ends what an earlier start left behind in a data folder: a postmaster that outlived its Perigee, backends that
 * outlived their postmaster, a `postmaster.pid` whose number now belongs to somebody else. A process is touched only
 * when it is certain that it works in that very folder. Call it with the instance lock held.
 *
 * @throws Error of one line when such a process cannot be ended.
 */
export async function endLeftovers(cluster: string, logger: DatabaseLogger): Promise<void> {
	const file = await readPostmasterFile(cluster);
	if (file !== null && (await isPostmasterOf(file.pid, cluster))) {
		logger.warn({ pid: file.pid }, "ending the PostgreSQL that an earlier start left running");
		await end(file.pid, cluster, [
			["SIGINT", 10_000],
			["SIGQUIT", 5_000],
			["SIGKILL", 2_000],
		]);
	}
	const survivors = await processesOf(cluster);
	if (survivors.length > 0)
		logger.warn({ pids: survivors }, "ending the PostgreSQL processes that an earlier start left");
	await Promise.all(
		survivors.map((pid) =>
			end(pid, cluster, [
				["SIGQUIT", 3_000],
				["SIGKILL", 2_000],
			]),
		),
	);
	const rest = await readPostmasterFile(cluster);
	// The file of a dead postmaster is PostgreSQL's to judge: it also finds its shared memory by it. But it takes any
	// process that answers to the number for a postmaster, also one that has ended and was not collected yet (its new
	// parent in a container may never do that), and refuses to start.
	if (rest !== null && answers(rest.pid)) await rm(postmasterFile(cluster), { force: true });
}

function answers(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		// ESRCH: nobody. EPERM: a process of another user, which PostgreSQL knows not to be its own.
		return false;
	}
}

async function end(pid: number, cluster: string, steps: readonly [NodeJS.Signals, number][]): Promise<void> {
	const identity = await processIdentity(pid);
	if (identity === null) return;
	for (const [signal, timeout] of steps) {
		try {
			process.kill(pid, signal);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === "ESRCH") return;
			throw new Error(
				`PostgreSQL (process ${pid}) still runs in ${cluster} and may not be ended by this user (${code}): end it first.`,
			);
		}
		if (await processEnded(pid, identity, timeout)) return;
	}
	throw new Error(`PostgreSQL (process ${pid}) still runs in ${cluster} and does not end: end it first.`);
}

/**
 * Its command line says that it is a `postgres -D <cluster>`, and where the system lets us look, its working folder is
 * that folder (a postmaster always works there).
 */
async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
	const command = await commandOf(pid);
	if (basename(command[0] ?? "") !== "postgres" || !command.includes(cluster)) return false;
	return (await worksIn(pid, cluster)) !== false;
}

async function commandOf(pid: number): Promise<string[]> {
	try {
		if (process.platform === "linux") return (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
		const { stdout } = await run("ps", ["-o", "command=", "-p", String(pid)]);
		// Blanks in the path would split it; what we start has the folder as its second and last argument.
		const [, program, folder] = /^(.+\/postgres) -D (.+)$/.exec(stdout.trim().replace(/ -c .*$/, "")) ?? [];
		return program === undefined || folder === undefined ? [] : [program, "-D", folder];
	} catch {
		// No such process.
		return [];
	}
}

/** Every process of PostgreSQL whose working folder it is. Elsewhere than on Linux PostgreSQL's own check has to do. */
async function processesOf(cluster: string): Promise<number[]> {
	if (process.platform !== "linux") return [];
	const found: number[] = [];
	for (const entry of await readdir("/proc")) {
		const pid = Number(entry);
		if (Number.isInteger(pid) && (await worksIn(pid, cluster)) === true) found.push(pid);
	}
	return found;
}

/** Null: the system does not let us know (another user's process, in a container without CAP_SYS_PTRACE). */
async function worksIn(pid: number, cluster: string): Promise<boolean | null> {
	if (process.platform !== "linux") return null;
	try {
		const program = basename(await readlink(`/proc/${pid}/exe`));
		if (program !== "postgres" && program !== "postgres (deleted)") return false;
		const [works, folder] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(cluster)]);
		return works.dev === folder.dev && works.ino === folder.ino;
	} catch (error) {
		// ENOENT, ESRCH: it has ended (or is one of the kernel's own, which have no program).
		const { code } = error as NodeJS.ErrnoException;
		return code === "EACCES" || code === "EPERM" ? null : false;
	}
}
