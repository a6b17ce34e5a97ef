import { describe, expect, test } from "vitest";
import { filesIn, importsOf, read, withoutComments } from "./source-tree.ts";

const tests = ["tests", "e2e"].filter((folder) => filesIn(".", [".ts"]).some((path) => path.startsWith(`${folder}/`)));
const files = tests.flatMap((folder) => filesIn(folder, [".ts", ".tsx", ".mjs"]));

/** Clients that nobody looks over the shoulder of, and where they speak to something that is not the service. */
const elsewhere: Readonly<Record<string, string>> = {
	"tests/support/bare-socket.ts": "sees the answers itself",
	"tests/abuse/hostile-socket.ts": "says what is no request, and what may be several",
	"tests/support/fault-proxy.ts": "passes bytes on",
	"tests/support/fault-proxy.test.ts": "speaks to servers of its own",
	"tests/persistence/database.test.ts": "passes bytes on to a PostgreSQL",
	"tests/agent/preview.test.ts": "speaks to an agent",
	"tests/samples/sources.test.ts": "speaks to a camera",
};

/** Files that import one of these names, not as a type alone, from the module. */
function importing(module: string, names: RegExp): string[] {
	return files.filter((path) => {
		const code = withoutComments(read(path));
		const statements = code.matchAll(/^import (?!type)([^;]*?) from "([^"]+)"/gm);
		return [...statements].some(([, what = "", from]) => from === module && names.test(what.replace(/type \w+/g, "")));
	});
}

describe("every answer of the service in a test is held against the API's description", () => {
	test("since every run of tests looks at what comes over fetch and node:http", () => {
		const runs = filesIn(".", ["vitest.config.ts"]);
		expect(runs.length).toBeGreaterThan(3);
		for (const path of runs) {
			expect(read(path), path).toMatch(/setupFiles: \[.*support\/every-answer\.ts"/);
			expect(read(path), path).toMatch(/globalSetup: \[.*support\/described-answers\.ts"/);
		}
	});

	test("since no test speaks to it over a socket of its own: tests/support/bare-socket.ts opens one", () => {
		const bare = importing("node:net", /\b(connect|createConnection|Socket)\b|^\w+$|\*/);
		expect(bare.filter((path) => elsewhere[path] === undefined)).toEqual([]);
		expect(Object.keys(elsewhere).filter((path) => !bare.includes(path))).toEqual([]);
	});

	test("since no test has a client of another package", () => {
		const others = /^(node:)?(https|http2|tls)$|^(undici|axios|got|ky|needle|superagent|node-fetch)$/;
		const found = files.flatMap((path) => importsOf(path).filter(({ specifier }) => others.test(specifier)));
		expect(found.map(({ from, specifier }) => `${from}: ${specifier}`)).toEqual([]);
	});

	test("since browsers are started by tests/support/browser.ts", () => {
		const browsers = [
			...importing("playwright-core", /\b(chromium|firefox|webkit)\b/),
			...importing("playwright", /./),
			...importing("@playwright/test", /./),
		];
		expect(browsers).toEqual(["tests/support/browser.ts"]);
	});
});
