import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/**
 * `npm run chaos`: what tests/chaos/ shows in a moment during `npm test`, in full length and with everything that takes
 * longer. `-- --only <name>` (several times) picks scenarios, `--rounds <n>` says how many rounds, TEST_SEED repeats a
 * run. Prints seeds and figures; exit status 1 when a promise did not hold.
 */

const root = fileURLToPath(new URL("../", import.meta.url));
const scenarios = readdirSync(`${root}tests/chaos`)
	.filter((name) => /\.(test|long)\.ts$/.test(name))
	.map((file) => ({ file, name: file.replace(/\.(test|long)\.ts$/, "") }));

function end(message: string): never {
	console.error(message);
	process.exit(2);
}

const usage = `usage: npm run chaos -- [--only <name>]… [--rounds <n>], of ${scenarios.map(({ name }) => name).join(", ")}`;
const options = { only: { type: "string", multiple: true }, rounds: { type: "string" } } as const;

function given(): { only: string[]; rounds: string | undefined } {
	try {
		const { only = [], rounds } = parseArgs({ options }).values;
		return { only, rounds };
	} catch (error) {
		end(`${error instanceof Error ? error.message : error}\n${usage}`);
	}
}

const { only, rounds } = given();
const unknown = only.filter((name) => scenarios.every((each) => each.name !== name));
if (unknown.length > 0) end(`There is no ${unknown.join(", ")}.\n${usage}`);
if (rounds !== undefined && !(Number(rounds) >= 1)) end(`--rounds is a number from 1.\n${usage}`);
const files = scenarios.filter(({ name }) => only.length === 0 || only.includes(name)).map(({ file }) => file);
const child = spawn(
	process.execPath,
	["node_modules/vitest/vitest.mjs", "run", "--config", "tests/chaos/vitest.config.ts", ...files],
	{
		cwd: root,
		stdio: "inherit",
		env: { ...process.env, CHAOS: "long", ...(rounds !== undefined && { CHAOS_ROUNDS: rounds }) },
	},
);
child.once("exit", (code) => {
	process.exitCode = code ?? 1;
});
