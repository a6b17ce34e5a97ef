import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startOwnService } from "./own-service.ts";
import { defects } from "./selftest/defects.ts";
import { FaultyProxy } from "./selftest/faulty-proxy.ts";
import type { Outcome, Trial } from "./selftest/vitest.config.ts";

const all = process.env["CONFORMANCE_SELFTEST"] === "all";
const tried = all ? defects : defects.filter(({ quick }) => quick);
const files = [...new Set(tried.map(({ file }) => file))];

/** Runs files of the suite in a process of its own, each against its address. */
async function run(trials: readonly Trial[]): Promise<Outcome[]> {
	const folder = mkdtempSync(join(tmpdir(), "perigee-conformance-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const report = join(folder, "report.json");
	const root = join(import.meta.dirname, "../..");
	const { PATH, HOME, TMPDIR } = process.env;
	const child = spawn(
		process.execPath,
		["node_modules/vitest/vitest.mjs", "run", "--config", "tests/conformance/selftest/vitest.config.ts"],
		{ cwd: root, stdio: "pipe", env: { PATH, HOME, TMPDIR, CONFORMANCE_TRIALS: JSON.stringify({ trials, report }) } },
	);
	let said = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (chunk) => {
			said += chunk;
		});
	onTestFinished(() => void child.kill("SIGKILL"));
	await once(child, "close");
	const { outcomes, errors } = JSON.parse(readFileSync(report, "utf8")) as { outcomes: Outcome[]; errors: string[] };
	expect(errors, said).toEqual([]);
	return outcomes;
}

test(
	"the suite passes against a good service, and fails against one with a defect",
	async () => {
		const service = await startOwnService({});
		onTestFinished(service.stop);
		const proxy = new FaultyProxy(service.url, defects);
		const url = await proxy.start();
		onTestFinished(() => proxy.stop());
		const trials = [
			...files.map((file) => ({ name: `good-${file}`, file, url: `${url}/none` })),
			...tried.map(({ name, file }) => ({ name, file, url: `${url}/${name}` })),
		];
		const outcomes = new Map((await run(trials)).map((each) => [each.name, each]));
		for (const { name } of trials.slice(0, files.length)) {
			expect(outcomes.get(name), name).toMatchObject({ failed: [] });
			expect(outcomes.get(name)?.passed, name).toBeGreaterThan(3);
		}
		for (const { name } of tried) {
			const { failed = [], passed = 0 } = outcomes.get(name) ?? {};
			expect(failed.length, `${name} was not noticed`).toBeGreaterThan(0);
			console.log(`${name}: ${failed.length} of ${failed.length + passed} tests fail`);
		}
		// All of them are nearly thirty runs of whole files: a minute of two idle cores, several of busy ones.
	},
	all ? 900_000 : 120_000,
);
