import { defineConfig } from "vitest/config";

/** The suite alone, for the service of CONFORMANCE_URL: it starts nothing of its own. */
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["*.test.ts"],
		exclude: ["selftest.test.ts"],
		testTimeout: 30_000,
		hookTimeout: 30_000,
		maxWorkers: 2,
		globalSetup: ["../support/described-answers.ts"],
		setupFiles: ["../support/every-answer.ts"],
	},
});
