import { readdirSync, readFileSync } from "node:fs";

/** What a process and those that it started have used. */
export interface Usage {
	/** Seconds of processor time. */
	cpu: number;
	/** Bytes in memory, shared pages counted in each. */
	rss: number;
}

/** Of a process alone. Zeros where there is no /proc. */
export function usageOf(pid: number): Usage {
	return usages().get(pid) ?? { cpu: 0, rss: 0 };
}

/** Of everything that a process has started, without itself: the database of the service. */
export function usageBelow(pid: number): Usage {
	const all = usages();
	const sum = { cpu: 0, rss: 0 };
	const below = new Set([pid]);
	for (let found = true; found; ) {
		found = false;
		for (const [child, { parent, cpu, rss }] of all) {
			if (below.has(child) || !below.has(parent)) continue;
			below.add(child);
			sum.cpu += cpu;
			sum.rss += rss;
			found = true;
		}
	}
	return sum;
}

/** Ticks of the processor's clock in a second, and bytes of a page: what Linux has on all that runs here. */
const TICKS = 100;
const PAGE = 4096;

function usages(): Map<number, Usage & { parent: number }> {
	const all = new Map<number, Usage & { parent: number }>();
	if (process.platform !== "linux") return all;
	for (const name of readdirSync("/proc")) {
		if (!/^\d+$/.test(name)) continue;
		try {
			// The name of the program stands in parentheses and may hold anything.
			const fields = readFileSync(`/proc/${name}/stat`, "utf8")
				.replace(/^.*\) /s, "")
				.split(" ");
			const cpu = (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) / TICKS;
			all.set(Number(name), { parent: Number(fields[1]), cpu, rss: Number(fields[21]) * PAGE });
		} catch {
			// It ended meanwhile.
		}
	}
	return all;
}
