import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/**
 * `npm run soak`: two hours of load with a random fault each minute, on three nodes; `-- --short`: five minutes, `-- --minutes <n>`: as
 * many. TEST_SEED repeats a run's faults. The exit status is 1 when a promise did not hold.
 */
const usage = "usage: npm run soak -- [--short | --minutes <n>]";

function minutes(): number {
	try {
		const options = { short: { type: "boolean" }, minutes: { type: "string" } } as const;
		const { short = false, minutes: given = short ? "5" : "120" } = parseArgs({ options }).values;
		if (Number(given) >= 1) return Number(given);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
	}
	console.error(usage);
	process.exit(2);
}

const child = spawn(
	process.execPath,
	["node_modules/vitest/vitest.mjs", "run", "--config", "tests/soak/vitest.config.ts"],
	{
		cwd: fileURLToPath(new URL("../", import.meta.url)),
		stdio: "inherit",
		env: { ...process.env, SOAK_MINUTES: String(minutes()) },
	},
);
child.once("exit", (code) => {
	process.exitCode = code ?? 1;
});
