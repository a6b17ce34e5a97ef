// Where the tests' databases lie: in memory, where there is plenty of it. What they write is thrown away, and on a disk it costs more of
// the processors than the tests themselves.
import { readFileSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

const MEMORY = "/dev/shm";
/** Bytes that must be free there, and that the system must have for it; the tests take a third of it at most. */
const FREE = 6 * 2 ** 30;

/** The system's folder of temporary files, if TMPDIR names one, or memory is short, or no program may run from there. */
export function scratchFolder() {
	if (process.env.TMPDIR !== undefined) return tmpdir();
	try {
		const { bavail, bsize } = statfsSync(MEMORY);
		const [, available = "0"] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
		const [, options = "noexec"] =
			new RegExp(`^\\S+ ${MEMORY} \\S+ (\\S+)`, "m").exec(readFileSync("/proc/mounts", "utf8")) ?? [];
		const fits = bavail * bsize >= FREE && Number(available) * 1_024 >= FREE;
		return fits && !options.split(",").includes("noexec") ? MEMORY : tmpdir();
	} catch {
		// Not Linux, or nothing of the kind.
		return tmpdir();
	}
}
