import { loadavg } from "node:os";

/** One thing that was to be reached. */
export interface Bar {
	name: string;
	figure: string;
	bar: string;
	met: boolean;
}

/** Prints a bar as soon as it is known, with how busy the machine is. */
export function say({ name, figure, bar, met }: Bar): void {
	const load = loadavg()[0]?.toFixed(1);
	console.log(`${name}: ${figure} (bar: ${bar}): ${met ? "met" : "missed"} [load average ${load}]`);
}

/** The value below which so many per cent of them lie; NaN for none. */
export function percentile(values: readonly number[], percent: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}
