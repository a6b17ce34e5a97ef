import { defineConfig } from "vitest/config";

/** For `npm run soak`: it wants the machine for itself. */
export default defineConfig({
	test: {
		root: import.meta.dirname,
		include: ["*.long.ts"],
		testTimeout: 9_000_000,
		hookTimeout: 300_000,
		pool: "forks",
		maxWorkers: 1,
		disableConsoleIntercept: true,
		setupFiles: ["../support/every-answer.ts"],
		globalSetup: ["../support/global-setup.ts", "../support/described-answers.ts"],
	},
});
