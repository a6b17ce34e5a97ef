import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Names a running process beyond its pid, which the system gives out again: the boot and the moment at which it started.
 * Null when no such process runs; one that has ended and was not yet collected by its parent counts as ended.
 */
export async function processIdentity(pid: number): Promise<string | null> {
	return process.platform === "linux" ? await linuxIdentity(pid) : await psIdentity(pid);
}

async function linuxIdentity(pid: number): Promise<string | null> {
	let stat: string;
	try {
		stat = await readFile(`/proc/${pid}/stat`, "latin1");
	} catch {
		// The file is readable for everyone: when it cannot be read, there is no such process.
		return null;
	}
	// The second field, the program's name, may hold blanks and brackets; everything after its last bracket is plain.
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	if (fields[0] === "Z" || fields[0] === "X") return null;
	return `${await bootIdentity()}:${fields[19]}`;
}

async function bootIdentity(): Promise<string> {
	try {
		return (await readFile("/proc/sys/kernel/random/boot_id", "latin1")).trim();
	} catch {
		// Some sandboxes do not have it; the moment of the start, counted from the boot, has to do.
		return "boot";
	}
}

async function psIdentity(pid: number): Promise<string | null> {
	try {
		const { stdout } = await run("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { env: { LC_ALL: "C" } });
		const line = stdout.trim().replace(/\s+/g, " ");
		if (line === "" || line.startsWith("Z")) return null;
		return line.slice(line.indexOf(" ") + 1);
	} catch {
		// ps ends with 1 when there is no such process.
		return null;
	}
}

/**
 * Resolves true when the process has ended, false when it still runs after `timeout` milliseconds. It need not be our
 * child: there is no event for the end of a stranger, so this looks every 10 ms.
 */
export async function processEnded(pid: number, identity: string, timeout: number): Promise<boolean> {
	const deadline = performance.now() + timeout;
	while ((await processIdentity(pid)) === identity) {
		if (performance.now() > deadline) return false;
		await sleep(10);
	}
	return true;
}
