import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../scripts/ensure-built.mjs";
import { connections, items } from "./growth/connections-and-items.ts";
import type { Curves } from "./growth/curve.ts";
import { processes } from "./growth/processes.ts";
import { storedStreams } from "./growth/stored-streams.ts";
import { measure } from "./measure.ts";
import { machineText, type Row, show, tableOf, writeReport } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { consoleSockets } from "./scenarios/console.ts";
import { create } from "./scenarios/create.ts";
import { get } from "./scenarios/get.ts";
import { status } from "./scenarios/status.ts";
import { takeDone } from "./scenarios/take-done.ts";
import { telemetry } from "./scenarios/telemetry.ts";
import { Site } from "./site.ts";
import { startAndMemory } from "./start-and-memory.ts";

/**
 * `npm run bench`: each way of the service beside its ceilings and peers, in the same run, in interleaved rounds. Prints a table
 * and writes it to bench/out. `--quick`: rounds of 3 s, and none of what takes longer (growth, start and memory).
 * `--only name,name` measures some, growth and start among them. `--rounds n` and `--seconds n` say how many and how long.
 * `--profile` writes what the processor did in the service to bench/out. The exit status is 0 only when every bar is met.
 */

const { values: options } = parseArgs({
	options: {
		quick: { type: "boolean" },
		only: { type: "string" },
		rounds: { type: "string", default: "3" },
		seconds: { type: "string" },
		profile: { type: "boolean" },
	},
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds ?? (options.quick ? 3 : 4));
if (!(rounds >= 1 && seconds >= 1)) throw new Error("--rounds and --seconds are numbers, 1 at least.");
const all: readonly Scenario[] = [telemetry, status, create, takeDone, get, consoleSockets];
const only = options.only?.split(",");
const wants = (name: string) => only === undefined || only.includes(name);
const folder = new URL("./out/", import.meta.url);

await mkdir(folder, { recursive: true });
await ensureBuilt(["service"]);
const profile = options.profile ? ["--cpu-prof", `--cpu-prof-dir=${fileURLToPath(folder)}`] : [];
const site = await Site.open(profile);
const rows: Row[] = [];
try {
	for (const scenario of all) if (wants(scenario.name)) rows.push(await measure(scenario, site, rounds, seconds));
} finally {
	await site.close();
}
const machine = machineText(rounds, seconds);
const curves: Curves[] = [];
if (!options.quick && wants("growth")) {
	const stored = await storedStreams(rounds, seconds);
	rows.push(...stored.rows);
	curves.push(stored.curves);
	const site = await Site.open();
	try {
		curves.push(await connections(site, rounds, seconds), await items(site, rounds, seconds));
	} finally {
		await site.close();
	}
	curves.push(await processes(rounds, seconds));
	await writeFile(new URL("growth.json", folder), `${JSON.stringify({ machine, curves }, null, "\t")}\n`);
}
if (!options.quick && wants("start")) rows.push(...(await startAndMemory(seconds)));
await writeReport(folder, options.quick ? "quick" : "full", rows, machine);
console.log(`\n${machine}\n\n${tableOf(rows)}\n`);
const { busiest } = site.load;
console.log(`The busiest load generator used ${show(busiest * 100)} % of a core.`);
if (site.load.tooBusy) console.log("It may have been the bottleneck: what is fastest is faster than it says here.");
process.exitCode = rows.every((row) => row.met) ? 0 : 1;
