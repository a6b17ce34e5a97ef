import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["tests/**/*.test.ts"],
		// Real servers start inside the tests; a slow machine is not a failure.
		testTimeout: 60_000,
		hookTimeout: 120_000,
		pool: "forks",
		// On machines of others, which may be busy, a test that races a real clock has a second try, and the report says so.
		retry: process.env["CI"] === undefined ? 0 : 1,
		// Each starts a service and a database of its own. `npm test`, which keeps the databases in memory, has one more.
		maxWorkers: 2,
		// Loading the same modules for every file would be a fifth of the time. Files share nothing all the same but what
		// lasts as long as a run.
		isolate: false,
		setupFiles: ["tests/support/every-answer.ts"],
		globalSetup: ["tests/support/global-setup.ts", "tests/support/described-answers.ts"],
	},
});
