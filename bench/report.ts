import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import type { Figure } from "./figure.ts";

/** One bar: what was measured, and whether it is met. Figures are medians of the rounds. */
export interface Row {
	name: string;
	/** Items a second, or what `unit` says. */
	ours: number;
	unit?: string;
	against: Record<string, number>;
	ratio: Record<string, number>;
	bar: string;
	met: boolean;
	/** Lowest and highest round of ours. */
	spread: [number, number];
	/** How long a request of ours takes. */
	milliseconds: Figure;
	/** Of one item of ours. */
	microseconds_of_cpu: { service: number; database: number };
	/** Resident, after the rounds; the database's processes count shared pages each. */
	megabytes: { service: number; database: number };
}

export function show(rate: number): string {
	return Math.round(rate).toLocaleString("en");
}

/** On what it was measured, and how. */
export function machineText(rounds: number, seconds: number): string {
	const gigabytes = Math.round(totalmem() / 1_073_741_824);
	return `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${gigabytes} GiB, Node ${process.version}; medians of ${rounds} rounds of ${seconds} s`;
}

/** A line per bar. */
export function tableOf(rows: readonly Row[]): string {
	const lines = rows.map(({ name, ours, spread, against, ratio, bar, met, milliseconds, ...used }) => {
		const others = Object.entries(against).map(
			([other, rate]) => `${other} ${show(rate)}/s, ratio ${(ratio[other] ?? 0).toFixed(2)}`,
		);
		const pairs = Object.entries(ratio).filter(([other]) => against[other] === undefined);
		others.push(...pairs.map(([pair, value]) => `${pair}: ratio ${value.toFixed(2)}`));
		const { p50, p99, p999 } = milliseconds;
		const latency = p50 === undefined ? "" : `${p50} / ${p99} / ${p999}`;
		const { service, database } = used.microseconds_of_cpu;
		const figure =
			used.unit === undefined ? `${show(ours)}/s (${show(spread[0])}–${show(spread[1])})` : `${ours} ${used.unit}`;
		// What a row of another kind has not measured is left out.
		const cpu = service + database > 0 ? `${service} + ${database}` : "";
		const rss = used.megabytes.service > 0 ? used.megabytes.service : "";
		return `| ${name} | ${figure} | ${others.join("; ")} | ${latency} | ${cpu} | ${rss} | ${bar} | ${met ? "met" : "missed"} |`;
	});
	const head =
		"| name | ours | against | p50 / p99 / p99.9, ms | µs of CPU an item, service + database | RSS, MiB | bar | |";
	return [head, "|---|---|---|---|---|---|---|---|", ...lines].join("\n");
}

/** Writes `name`.json and `name`.md. */
export async function writeReport(folder: URL, name: string, rows: readonly Row[], machine: string): Promise<void> {
	await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(rows, null, "\t")}\n`);
	await writeFile(new URL(`${name}.md`, folder), `${machine}\n\n${tableOf(rows)}\n`);
}
