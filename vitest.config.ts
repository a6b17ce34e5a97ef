import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["tests/**/*.test.ts"],
		// Real servers start inside the tests; a slow machine is not a failure.
		testTimeout: 30_000,
		hookTimeout: 60_000,
		pool: "forks",
		// Real clocks run against each other in many of them: one that fails is run once more, and vitest says so.
		retry: 1,
		maxWorkers: 2,
		setupFiles: ["tests/support/every-answer.ts"],
		globalSetup: ["tests/support/global-setup.ts", "tests/support/described-answers.ts"],
	},
});
