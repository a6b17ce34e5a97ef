// `npm test`: every suite, side by side: each leaves processors idle while it waits for clocks. What the first says
// is seen at once, what the other says when it has ended. The last line is the count over both,
// `N passed, N failed`, and the exit status is 1 when anything failed. A suite that crashes, or leaves no report, counts
// as a failure.
// Arguments go to the first suite alone: `npm test -- tests/settings`.
import { spawn } from "node:child_process";
import { closeSync, createReadStream, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { scratchFolder } from "./scratch-folder.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const scratch = scratchFolder();
const reports = mkdtempSync(join(scratch, "perigee-test-"));
const chosen = process.argv.slice(2);

/**
 * Side by side. The first has a worker more than vitest.config.ts gives it: many of the tests wait for a program or a clock. Each runs a
 * tool of node_modules and then reads the report that it left: `{ passed, failed, skipped }`.
 */
const suites = [vitest("vitest", "--maxWorkers=3", ...chosen), vitest("e2e", "--config=e2e/vitest.config.ts")];

function vitest(name, ...args) {
	return {
		name,
		args: (report) => [
			"node_modules/vitest/vitest.mjs",
			"run",
			"--reporter=default",
			"--reporter=json",
			`--outputFile.json=${report}`,
			...args,
		],
	};
}

function countsIn(report) {
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

const reportOf = ({ name }) => join(reports, `${name}.json`);
const logOf = ({ name }) => join(reports, `${name}.log`);

/** Runs a suite, its output in a file if it is not to be seen at once, and resolves with its exit status. */
async function run(suite, seen) {
	const log = seen ? undefined : openSync(logOf(suite), "w");
	const child = spawn(process.execPath, suite.args(reportOf(suite)), {
		cwd: root,
		env: { ...process.env, TMPDIR: scratch },
		stdio: ["ignore", log ?? "inherit", log ?? "inherit"],
	});
	if (log !== undefined) closeSync(log);
	return new Promise((resolve) => {
		child.once("error", (error) => {
			console.log(error.message);
			resolve(1);
		});
		child.once("exit", (code) => resolve(code ?? 1));
	});
}

/** What a suite that ended with this status has passed and failed. */
function countsOf(suite, status) {
	let counts = { passed: 0, failed: 0, skipped: 0 };
	try {
		counts = countsIn(JSON.parse(readFileSync(reportOf(suite), "utf8")));
	} catch (error) {
		console.log(`${suite.name}: no report that can be read (${error.message})`);
	}
	// An error outside of any test, or a crash, shows in the status alone.
	if (status !== 0 && counts.failed === 0) counts.failed = 1;
	console.log(`\n${suite.name}: ${summary(counts)}`);
	return counts;
}

function summary({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

const total = { passed: 0, failed: 0, skipped: 0 };
const running = suites.map((suite, index) => ({ suite, status: run(suite, index === 0) }));
for (const [index, { suite, status }] of running.entries()) {
	const ended = await status;
	if (index > 0) await pipeline(createReadStream(logOf(suite)), process.stdout, { end: false });
	const counts = countsOf(suite, ended);
	for (const key of Object.keys(total)) total[key] += counts[key];
}
rmSync(reports, { recursive: true, force: true });
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(summary(total));
