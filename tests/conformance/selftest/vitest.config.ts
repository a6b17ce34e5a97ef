import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import type { Reporter } from "vitest/reporters";

/** What is to be run: a project for each, the suite's `file` against `url`. */
export interface Trial {
	name: string;
	file: string;
	url: string;
}

/** What came of it. */
export interface Outcome {
	name: string;
	passed: number;
	/** Names of the tests that failed, and errors outside of any. */
	failed: string[];
}

const { trials, report } = JSON.parse(process.env["CONFORMANCE_TRIALS"] ?? '{"trials":[],"report":""}') as {
	trials: Trial[];
	report: string;
};

const outcomes: Reporter = {
	onTestRunEnd(modules, errors) {
		const all = modules.map((module): Outcome => {
			const tests = [...module.children.allTests()];
			const failed = tests.filter((each) => each.result().state === "failed").map((each) => each.fullName);
			failed.push(...module.errors().map(({ message }) => message));
			const passed = tests.filter((each) => each.result().state === "passed").length;
			return { name: module.project.name, passed, failed };
		});
		writeFileSync(report, JSON.stringify({ outcomes: all, errors: errors.map(({ message }) => message) }));
	},
};

const suite = join(import.meta.dirname, "..");

/** Many runs of the suite's files in one, each against another service. */
export default defineConfig({
	test: {
		root: suite,
		reporters: [outcomes],
		// Here and not in the projects: the description is made once, and not once for each of them.
		globalSetup: [join(suite, "../support/described-answers.ts")],
		projects: trials.map(({ name, file, url }) => ({
			test: {
				name,
				root: suite,
				include: [`${file}.test.ts`],
				env: { CONFORMANCE_URL: url },
				pool: "threads" as const,
				setupFiles: [join(suite, "../support/every-answer.ts")],
				testTimeout: 20_000,
			},
		})),
		maxWorkers: 2,
	},
});
