import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../scripts/ensure-built.mjs";
import type { Scenario } from "./scenario.ts";
import { create } from "./scenarios/create.ts";
import { get } from "./scenarios/get.ts";
import { status } from "./scenarios/status.ts";
import { takeDone } from "./scenarios/take-done.ts";
import { telemetry } from "./scenarios/telemetry.ts";
import { Site } from "./site.ts";

/**
 * `npm run bench`: each way of the service beside its ceiling, in the same run, in interleaved rounds. Prints a table and
 * writes it to bench/out. `--quick`: 3 rounds of 3 s. `--only name` measures one. The exit status is 0 only when every bar
 * is met.
 */

const { values: options } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } });
const rounds = options.quick ? 3 : 5;
const seconds = options.quick ? 3 : 6;

interface Row {
	name: string;
	ours: number;
	against: Record<string, number>;
	ratio: Record<string, number>;
	/** Lowest and highest round of ours. */
	spread: [number, number];
	bar: string;
	met: boolean;
}

function median(numbers: readonly number[]): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

async function measure(scenario: Scenario, site: Site): Promise<Row> {
	console.log(`\n${scenario.name}: ${scenario.sentence}`);
	await scenario.prepare(site);
	const ours: number[] = [];
	const others = new Map<string, number[]>();
	for (let round = 1; round <= rounds; round++) {
		ours.push(await scenario.ours(site, seconds));
		for (const [name, other] of Object.entries(scenario.against))
			others.set(name, [...(others.get(name) ?? []), await other(site, seconds)]);
		const line = [...others].map(([name, rates]) => `${name} ${show(rates.at(-1) ?? 0)}`);
		console.log(`  round ${round}: ours ${show(ours.at(-1) ?? 0)}/s, ${line.join(", ")}/s`);
	}
	const against = Object.fromEntries([...others].map(([name, rates]) => [name, Math.round(median(rates))]));
	const middle = Math.round(median(ours));
	const ratio = Object.fromEntries(Object.entries(against).map(([name, rate]) => [name, middle / rate]));
	return {
		name: scenario.name,
		ours: middle,
		against,
		ratio,
		spread: [Math.round(Math.min(...ours)), Math.round(Math.max(...ours))],
		bar: scenario.bar,
		met: scenario.met(middle, ratio),
	};
}

function show(rate: number): string {
	return Math.round(rate).toLocaleString("en");
}

function table(rows: readonly Row[]): string {
	const lines = rows.map(
		({ name, ours, against, ratio, bar, met }) =>
			`| ${name} | ${show(ours)}/s | ${Object.entries(against)
				.map(([other, rate]) => `${other} ${show(rate)}/s, ratio ${(ratio[other] ?? 0).toFixed(2)}`)
				.join("; ")} | ${bar} | ${met ? "met" : "missed"} |`,
	);
	return ["| name | ours | against | bar | |", "|---|---|---|---|---|", ...lines].join("\n");
}

await ensureBuilt();
const scenarios = [telemetry, status, create, takeDone, get].filter(
	({ name }) => options.only === undefined || name === options.only,
);
const site = await Site.open();
const rows: Row[] = [];
try {
	for (const scenario of scenarios) rows.push(await measure(scenario, site));
} finally {
	await site.close();
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}; medians of ${rounds} rounds of ${seconds} s`;
const folder = new URL("./out/", import.meta.url);
await mkdir(folder, { recursive: true });
const file = options.quick ? "quick" : "full";
await writeFile(new URL(`${file}.json`, folder), `${JSON.stringify(rows, null, "\t")}\n`);
await writeFile(new URL(`${file}.md`, folder), `${machine}\n\n${table(rows)}\n`);
console.log(`\n${machine}\n\n${table(rows)}`);
process.exitCode = rows.every((row) => row.met) ? 0 : 1;
