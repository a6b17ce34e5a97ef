import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../", import.meta.url));

const config = `${root}tests/support/scenarios.vitest.config.ts`;

/**
 * Runs the scenarios of a folder of tests in full length, those that `npm test` leaves out included: `--only <name>` (several
 * times) picks some of them, `--rounds <n>` says how many rounds. TEST_SEED repeats a run. The exit status is 1 when a promise did not
 * hold, 2 for arguments that are none.
 *
 * @param habit the name of the npm script, and of the folder
 */
export function runScenarios(habit: "chaos" | "abuse"): void {
	const scenarios = readdirSync(`${root}tests/${habit}`)
		.filter((name) => /\.(test|long)\.ts$/.test(name))
		.map((file) => ({ file, name: file.replace(/\.(test|long)\.ts$/, "") }));
	const usage = `usage: npm run ${habit} -- [--only <name>]… [--rounds <n>], of ${scenarios.map(({ name }) => name).join(", ")}`;
	const { only, rounds } = given(usage);
	const unknown = only.filter((name) => scenarios.every((each) => each.name !== name));
	if (unknown.length > 0) end(`There is no ${unknown.join(", ")}.\n${usage}`);
	if (rounds !== undefined && !(Number(rounds) >= 1)) end(`--rounds is a number from 1.\n${usage}`);
	const files = scenarios.filter(({ name }) => only.length === 0 || only.includes(name)).map(({ file }) => file);
	const child = spawn(
		process.execPath,
		["node_modules/vitest/vitest.mjs", "run", "--root", `tests/${habit}`, "--config", config, ...files],
		{
			cwd: root,
			stdio: "inherit",
			env: { ...process.env, CHAOS: "long", ...(rounds !== undefined && { CHAOS_ROUNDS: rounds }) },
		},
	);
	child.once("exit", (code) => {
		process.exitCode = code ?? 1;
	});
}

const options = { only: { type: "string", multiple: true }, rounds: { type: "string" } } as const;

function given(usage: string): { only: string[]; rounds: string | undefined } {
	try {
		const { only = [], rounds } = parseArgs({ options }).values;
		return { only, rounds };
	} catch (error) {
		end(`${error instanceof Error ? error.message : error}\n${usage}`);
	}
}

function end(message: string): never {
	console.error(message);
	process.exit(2);
}
