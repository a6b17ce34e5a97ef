import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exampleFile, settingsPage } from "../../scripts/settings-reference.ts";
import { loadSettings } from "../../server/settings/load.ts";

const root = new URL("../../", import.meta.url);
const defaults = loadSettings({ argv: [], env: {} });

function loadText(yaml: string) {
	const folder = mkdtempSync(join(tmpdir(), "perigee-example-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, "perigee.yaml"), yaml);
	return loadSettings({ argv: ["--config", join(folder, "perigee.yaml")], env: {} });
}

test("docs/settings.md says what the table of settings says (else: npm run docs:reference)", () => {
	expect(readFileSync(new URL("docs/settings.md", root), "utf8")).toBe(settingsPage());
});

test("perigee.example.yaml says what the table of settings says (else: npm run docs:reference)", () => {
	expect(readFileSync(new URL("perigee.example.yaml", root), "utf8")).toBe(exampleFile());
});

test("the example file as it is changes nothing", () => {
	expect(loadText(exampleFile())).toEqual(defaults);
});

test("every key of the example file shows its default", () => {
	const uncommented = exampleFile().replace(/^( *)#(?=[A-Z_]+:)/gm, "$1");
	expect(uncommented).not.toBe(exampleFile());
	expect(loadText(uncommented)).toEqual(defaults);
	const keys = (value: object): string[] =>
		Object.entries(value).flatMap(([name, each]) =>
			typeof each === "object" && each !== null && !Array.isArray(each) ? [name, ...keys(each)] : [name],
		);
	for (const key of keys(defaults)) expect(uncommented).toMatch(new RegExp(`^ *${key}:`, "m"));
});
