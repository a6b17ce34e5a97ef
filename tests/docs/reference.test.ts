import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describedMetrics } from "../../scripts/described-api.ts";
import { agentErrorsPage, errorsPage } from "../../scripts/errors-reference.ts";
import { metricsPage } from "../../scripts/metrics-reference.ts";

const docs = new URL("../../docs/", import.meta.url);
const kept = (name: string) => readFileSync(new URL(name, docs), "utf8");

test("docs/errors.md says what the error catalogue says (else: npm run docs:reference)", () => {
	expect(kept("errors.md")).toBe(errorsPage());
});

test("docs/agent-errors.md says what the agent's table of errors says (else: npm run docs:reference)", () => {
	expect(kept("agent-errors.md")).toBe(agentErrorsPage());
});

// What a process tells of itself differs from system to system.
const ours = process.platform === "linux" ? /(?:)/ : /^perigee_/;

test("docs/metrics.md has every metric of the service (else: npm run docs:reference)", async () => {
	const page = kept("metrics.md");
	const lines = (text: string) => text.split("\n").filter((line) => ours.test(line.replace(/^\| `/, "")));
	expect(lines(page)).toEqual(lines(metricsPage(await describedMetrics())));
});

test("every metric named in the manual exists", async () => {
	const names = (await describedMetrics()).map(({ name }) => name);
	const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));
	const named = pages.flatMap((name) => kept(name).match(/\b(perigee|nodejs|process)_[a-z0-9_]+/g) ?? []);
	expect(named.length).toBeGreaterThan(30);
	expect(named.map((name) => name.replace(/_bucket$/, "")).filter((name) => !names.includes(name))).toEqual([]);
});
