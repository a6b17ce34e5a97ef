import { defineConfig } from "vitest/config";

/** For `npm run chaos`, `abuse` and `console-load`, whose folder is the root: one scenario at a time, since each wants the machine for itself. */
export default defineConfig({
	test: {
		include: ["*.test.ts", "*.long.ts"],
		testTimeout: 600_000,
		hookTimeout: 120_000,
		pool: "forks",
		maxWorkers: 1,
		disableConsoleIntercept: true,
		setupFiles: ["../support/every-answer.ts"],
		globalSetup: ["../support/global-setup.ts", "../support/described-answers.ts"],
	},
});
