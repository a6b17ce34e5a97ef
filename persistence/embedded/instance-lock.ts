import { randomUUID } from "node:crypto";
import { link, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { processIdentity } from "./process-identity.ts";

/** Held by this process until `release()`. */
export interface InstanceLock {
	release(): Promise<void>;
}

interface Holder {
	pid: number;
	identity: string;
}

/**
 * Makes this process the one that uses `folder`, or throws a one-line Error that names the process that does.
 *
 * The lock is a numbered file, `instance.<n>.lock`: the one with the highest number counts, and it names a process (pid
 * and start time). A new holder adds the next number with link(2), which fails when another was quicker, and then takes
 * away the lower ones. The highest file is never removed, only emptied, so numbers only grow, and whoever comes with an
 * old view of the folder finds a higher number than his own and steps back. So of any number of starts that race
 * for the lock of a dead process exactly one gets it, and nothing has to be cleaned by hand after a kill -9.
 */
export async function takeInstanceLock(folder: string): Promise<InstanceLock> {
	const identity = await processIdentity(process.pid);
	if (identity === null) throw new Error("This process cannot find itself in the list of processes: is /proc mounted?");
	const claim = join(folder, `instance.${randomUUID()}.claim`);
	await writeFile(claim, JSON.stringify({ pid: process.pid, identity } satisfies Holder));
	try {
		for (;;) {
			const top = (await numbers(folder)).at(-1) ?? 0;
			const holder = await holderOf(folder, top);
			if (holder !== null) {
				throw new Error(
					`The folder ${folder} is in use by another running Perigee (process ${holder.pid}): stop that one, or give this one a DATA_DIR of its own.`,
				);
			}
			const mine = top + 1;
			if (!(await linked(claim, lockFile(folder, mine)))) continue;
			const now = await numbers(folder);
			if (now.at(-1) !== mine) {
				await rm(lockFile(folder, mine), { force: true });
				continue;
			}
			for (const number of now) if (number < mine) await rm(lockFile(folder, number), { force: true });
			return { release: () => emptied(lockFile(folder, mine)) };
		}
	} finally {
		await rm(claim, { force: true });
	}
}

/** The pid of the running process that uses `folder`, or null. */
export async function instanceOf(folder: string): Promise<number | null> {
	const top = (await numbers(folder)).at(-1) ?? 0;
	return (await holderOf(folder, top))?.pid ?? null;
}

function lockFile(folder: string, number: number): string {
	return join(folder, `instance.${number}.lock`);
}

async function numbers(folder: string): Promise<number[]> {
	const found = (await readdir(folder)).map((name) => /^instance\.(\d+)\.lock$/.exec(name)?.[1]);
	return found.flatMap((digits) => (digits === undefined ? [] : [Number(digits)])).sort((a, b) => a - b);
}

/** Who holds this number and still runs. Null for a released or left one, and for number 0. */
async function holderOf(folder: string, number: number): Promise<Holder | null> {
	let text: string;
	try {
		text = await readFile(lockFile(folder, number), "utf8");
	} catch (error) {
		// Number 0 has no file, and a file may go between the listing and the reading.
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
	const [, pid, identity] = /^\{"pid":(\d+),"identity":"(.+)"\}$/.exec(text) ?? [];
	// Empty: released. Anything else that does not parse was torn by the end of the whole machine, and of its process.
	if (pid === undefined || identity === undefined) return null;
	return (await processIdentity(Number(pid))) === identity ? { pid: Number(pid), identity } : null;
}

async function emptied(path: string): Promise<void> {
	try {
		await truncate(path);
	} catch (error) {
		// Somebody removed the whole folder: nothing is held any more.
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	}
}

async function linked(from: string, to: string): Promise<boolean> {
	try {
		await link(from, to);
		return true;
	} catch (error) {
		// Another start was quicker.
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	}
}
