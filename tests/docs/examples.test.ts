import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { tokenCommand } from "../../server/command-line/token-arguments.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { type PassingProxy, startPassingProxy } from "../support/passing-proxy.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** One fenced block of a page, and the line that it begins at. */
interface Example {
	at: string;
	language: string;
	text: string;
}

const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];
const examples = pages
	.filter((page) => page.endsWith(".md"))
	.flatMap((page): Example[] => {
		const text = readFileSync(root + page, "utf8");
		return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ 1: language = "", 2: body = "", index }) => ({
			at: `${page}:${text.slice(0, index).split("\n").length}`,
			language,
			text: body,
		}));
	});
const of = (language: string) => examples.filter((each) => each.language === language);
/** Commands as they are typed: lines that end in a backslash go on. */
const commands = of("sh").flatMap(({ at, text }) =>
	text
		.replaceAll("\\\n", " ")
		.split("\n")
		.map((line) => ({ at, line: line.trim() })),
);

test("there are examples, and each is of a kind that is tried here", () => {
	expect(examples.length).toBeGreaterThan(20);
	const kinds = new Set(examples.map(({ language }) => language));
	// Those of other programs: a diagram is drawn in another test, SQL and proxies are not ours to run.
	expect([...kinds].sort()).toEqual(["json", "mermaid", "nginx", "sh", "sql", "yaml"]);
});

test("settings are settings: those of files, and those before a command", () => {
	const folder = mkdtempSync(join(tmpdir(), "perigee-examples-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const file = join(folder, "perigee.yaml");
	for (const { at, text } of of("yaml")) {
		writeFileSync(file, text);
		expect(() => loadSettings({ argv: ["--config", file], env: {} }), at).not.toThrow();
	}
	for (const { at, line } of commands) {
		const [, given = ""] = /^(?:export )?((?:[A-Z][A-Z_]*=\S+\s+)*[A-Z][A-Z_]*=\S+)(?:\s+npm start)?$/.exec(line) ?? [];
		const env = Object.fromEntries(given.split(/\s+/).map((each) => each.split(/=(.*)/s)));
		// A name that no section begins with is another program's.
		expect(() => loadSettings({ argv: [], env }), at).not.toThrow();
	}
	const known = JSON.stringify(loadSettings({ argv: [], env: {} }));
	const names = commands.flatMap(({ line }) => [...line.matchAll(/\b[A-Z_]+__([A-Z_]+)=/g)].map(([, key]) => key));
	for (const name of names) expect(known).toContain(`"${name}":`);
});

test("commands are there: habits, programs, files", () => {
	const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { scripts: Record<string, string> };
	const needed = ["ci", "start", "test"];
	for (const { at, line } of commands) {
		const [, run] = /\bnpm run ([\w:]+)/.exec(line) ?? [];
		if (run !== undefined) expect(scripts, at).toHaveProperty([run]);
		for (const [, word = ""] of line.matchAll(/\bnpm (\w+)/g)) if (word !== "run") expect(needed, at).toContain(word);
		for (const [path] of line.matchAll(/\bdocs\/examples\/[\w.-]+/g)) expect(existsSync(root + path), at).toBe(true);
		for (const [, path] of line.matchAll(/\bnode dist\/([\w/]+)\.js/g))
			expect(existsSync(`${root}${path}.ts`), at).toBe(true);
		if (line.startsWith("npx perigee token ")) {
			const words = [...line.slice("npx perigee token ".length).matchAll(/"([^"]*)"|(\S+)/g)];
			expect(
				() =>
					tokenCommand(
						words.map(([, quoted, bare]) => quoted ?? bare ?? ""),
						Date.now(),
					),
				at,
			).not.toThrow();
		}
	}
});

describe("what is sent to the service", () => {
	let service: RunningService;
	let proxy: PassingProxy;
	beforeAll(async () => {
		service = await startService();
		proxy = await startPassingProxy(service.url);
	});
	afterAll(async () => {
		await proxy?.stop();
		await service?.stop();
	});
	const asked = of("sh").filter(({ text }) => text.includes("curl "));
	const here = spawnSync("curl", ["--version"]).error === undefined;

	test.skipIf(!here && process.env["CI"] === undefined).each(asked)("$at is answered well", async ({ text }) => {
		const { api } = service;
		await api.ask("POST", "/1/groups", { account_id: crypto.randomUUID(), group_name: "demo" });
		const paused = await api.create(streamBody({ status: "pause" }));
		const script = text
			.replaceAll(/http:\/\/127\.0\.0\.1:5160|https:\/\/streams\.example\.org/g, proxy.url)
			.replaceAll("<stream_id>", paused)
			.replaceAll(/^npm .*$/gm, ":");
		const wrapped = `set -e; trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
curl() { command curl --silent --show-error --fail-with-body "$@"; }
${script}`;
		const run = promisify(execFile)("bash", ["-c", wrapped], { cwd: root, env: { ...process.env, TOKEN: "none" } });
		await expect(run).resolves.toBeDefined();
	});

	test("JSON is what the service takes and gives", async () => {
		for (const { at, text } of of("json")) {
			const value = JSON.parse(text) as Record<string, unknown>;
			if ("error_code" in value) {
				const { status, body } = await service.api.ask<{ desc: string }>("GET", `/1/streams/${crypto.randomUUID()}`);
				expect([status, body.desc, Object.keys(body)], at).toEqual([404, value["desc"], Object.keys(value)]);
			} else {
				const answer = await service.api.ask("POST", "/1/streams/processing/feedback", value);
				expect(answer.status, at).toBe(200);
			}
		}
	});
});
