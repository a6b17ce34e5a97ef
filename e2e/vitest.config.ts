import { defineConfig } from "vitest/config";

export default defineConfig({
	root: new URL("..", import.meta.url).pathname,
	test: {
		include: ["e2e/**/*.test.ts"],
		// Real browsers, decoders and databases share the machine; a slow one is not a failure.
		testTimeout: 90_000,
		hookTimeout: 180_000,
		pool: "forks",
		// On machines of others, which may be busy, a test that races a real clock has a second try, and the report says so.
		retry: process.env["CI"] === undefined ? 0 : 1,
		// One service, one agent and one browser for all of them.
		fileParallelism: false,
		setupFiles: ["tests/support/every-answer.ts"],
		globalSetup: ["tests/support/global-setup.ts", "tests/support/described-answers.ts", "e2e/site/global-setup.ts"],
	},
});
