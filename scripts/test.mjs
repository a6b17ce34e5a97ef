// `npm test`: every suite, one after the other. The last line is the count over all of them, `N passed, N failed`, and
// the exit status is 1 when anything failed. A suite that crashes, or leaves no report, counts as a failure.
// Arguments go to the first suite alone: `npm test -- tests/settings`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const reports = mkdtempSync(join(tmpdir(), "perigee-test-"));
const chosen = process.argv.slice(2);

/** Each runs a tool of node_modules and then reads the report that it left: `{ passed, failed, skipped }`. */
const suites = [
	{
		name: "vitest",
		args: (report) => [
			"node_modules/vitest/vitest.mjs",
			"run",
			"--reporter=default",
			"--reporter=json",
			`--outputFile.json=${report}`,
			...chosen,
		],
		count: countVitest,
	},
	{
		name: "e2e",
		args: (report) => [
			"node_modules/vitest/vitest.mjs",
			"run",
			"--config=e2e/vitest.config.ts",
			"--reporter=default",
			"--reporter=json",
			`--outputFile.json=${report}`,
		],
		count: countVitest,
	},
];

function countVitest(report) {
	// A file that cannot be loaded, or whose hooks fail, fails no test of its own: it is counted itself.
	const broken = report.testResults.filter(
		(file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
	);
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests + broken.length,
		skipped: report.numPendingTests + report.numTodoTests,
	};
}

async function runSuite({ name, args, count }) {
	const report = join(reports, `${name}.json`);
	const status = await run(args(report));
	let counts = { passed: 0, failed: 0, skipped: 0 };
	try {
		counts = count(JSON.parse(readFileSync(report, "utf8")));
	} catch (error) {
		console.log(`${name}: no report that can be read (${error.message})`);
	}
	// An error outside of any test, or a crash, shows in the status alone.
	if (status !== 0 && counts.failed === 0) counts.failed = 1;
	console.log(`\n${name}: ${summary(counts)}`);
	return counts;
}

function run(args) {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
		child.once("error", (error) => {
			console.log(error.message);
			resolve(1);
		});
		child.once("exit", (code) => resolve(code ?? 1));
	});
}

function summary({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const suite of suites) {
	const counts = await runSuite(suite);
	for (const key of Object.keys(total)) total[key] += counts[key];
}
rmSync(reports, { recursive: true, force: true });
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(summary(total));
