import { defineConfig } from "vitest/config";

/** For `npm run console-load`: what takes longer than a test may. */
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["*.long.ts"],
		testTimeout: 600_000,
		hookTimeout: 120_000,
		pool: "forks",
		maxWorkers: 1,
		disableConsoleIntercept: true,
		setupFiles: ["../support/every-answer.ts"],
		globalSetup: ["../support/global-setup.ts", "../support/described-answers.ts"],
	},
});
