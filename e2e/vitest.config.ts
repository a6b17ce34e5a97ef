import { defineConfig } from "vitest/config";

export default defineConfig({
	root: new URL("..", import.meta.url).pathname,
	test: {
		include: ["e2e/**/*.test.ts"],
		// Real browsers, decoders and databases share the machine; a slow one is not a failure.
		testTimeout: 90_000,
		hookTimeout: 180_000,
		pool: "forks",
		// One service, one agent and one browser for all of them.
		fileParallelism: false,
		setupFiles: ["tests/support/every-answer.ts"],
		globalSetup: ["tests/support/global-setup.ts", "tests/support/described-answers.ts", "e2e/site/global-setup.ts"],
	},
});
