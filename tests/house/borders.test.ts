import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { filesIn, type Import, importsOf } from "./source-tree.ts";

/** Which folders of ours a folder may import from, besides itself. */
const allowed: Record<string, readonly string[]> = {
	machines: [],
	persistence: [],
	actors: ["machines", "persistence"],
	server: ["actors", "persistence", "machines"],
	client: [],
	agent: ["client"],
	"web-console": ["client"],
};
const layers = Object.keys(allowed);
const code = [...layers, "scripts"].flatMap((folder) => filesIn(folder, [".ts", ".tsx", ".mjs"]));
const imports = code.flatMap((path) => importsOf(path));

describe("borders", () => {
	test("every layer has files, and their imports are found", () => {
		expect(imports.length).toBeGreaterThan(100);
		expect(
			importsOf("a/b.ts", 'import type {\n\tA,\n} from "./c.ts";\nexport * from "../d.ts";\n// import "e";\n'),
		).toEqual([
			{ from: "a/b.ts", specifier: "./c.ts", to: "a/c.ts", typeOnly: true },
			{ from: "a/b.ts", specifier: "../d.ts", to: "d.ts", typeOnly: false },
		]);
	});

	test("no layer imports from one that it may not know", () => {
		expect(imports.filter(crosses).map(said)).toEqual([]);
	});

	test("of machines/, server/ imports types only", () => {
		const values = imports.filter(
			({ from, to, typeOnly }) => layerOf(from) === "server" && layerOf(to) === "machines" && !typeOnly,
		);
		expect(values.map(said)).toEqual([]);
	});

	test("the console reads streams and their log only where their secrets are hidden", () => {
		const reading = /\bGET\(\s*"(\/1\/streams[^"]*)"/g;
		const read = filesIn("web-console", [".ts", ".tsx"]).flatMap((path) =>
			[...readFileSync(path, "utf8").matchAll(reading)].map(([, route = ""]) => route),
		);
		expect(new Set(read)).toEqual(new Set(["/1/streams/count"]));
	});

	test("the driver is taken with its mend", () => {
		const driver = imports.filter(({ specifier, typeOnly }) => specifier === "postgres" && !typeOnly);
		expect(driver.map(({ from }) => from)).toEqual(["persistence/driver.ts"]);
	});

	test("machines/ does no I/O", () => {
		const reaching = imports.filter(
			({ from, specifier }) => layerOf(from) === "machines" && specifier.startsWith("node:"),
		);
		expect(reaching.map(said)).toEqual([]);
	});

	test.each([
		["uWebSockets.js", /^uWebSockets\.js/, /^server\/http\/uws\.ts$/],
		["node-av", /^node-av(\/|$)/, /^agent\//],
		["postgres", /^postgres$/, /^persistence\//],
		["ioredis", /^ioredis/, /^actors\/cluster\/redis\//],
	])("%s is imported in its one place only", (_, specifier, place) => {
		const elsewhere = imports.filter((each) => specifier.test(each.specifier) && !place.test(each.from));
		expect(elsewhere.map(said)).toEqual([]);
	});

	test("no file imports itself by way of others", () => {
		expect(circles(imports)).toEqual([]);
		const circle = [..."abc"].map((name, at, all) => ({
			from: name,
			specifier: "",
			to: all[(at + 1) % 3]!,
			typeOnly: false,
		}));
		expect(circles(circle)).toEqual(["a → b → c → a"]);
	});
});

function crosses({ from, to }: Import): boolean {
	const [here, there] = [layerOf(from), layerOf(to)];
	return to !== null && allowed[here] !== undefined && here !== there && !allowed[here].includes(there);
}

function layerOf(path: string | null): string {
	return path?.split("/")[0] ?? "";
}

function said({ from, specifier }: Import): string {
	return `${from} imports ${specifier}`;
}

/** Each circle once, as it was met first. */
function circles(edges: readonly Import[]): string[] {
	const targets = new Map<string, string[]>();
	for (const { from, to } of edges) if (to !== null) targets.set(from, [...(targets.get(from) ?? []), to]);
	const found: string[] = [];
	const finished = new Set<string>();
	const visit = (file: string, way: readonly string[]) => {
		const at = way.indexOf(file);
		if (at >= 0) found.push([...way.slice(at), file].join(" → "));
		if (at >= 0 || finished.has(file)) return;
		for (const target of targets.get(file) ?? []) visit(target, [...way, file]);
		finished.add(file);
	};
	for (const file of targets.keys()) visit(file, []);
	return found;
}

test("the linter says no to an import across a border, and to a circle", () => {
	const root = fileURLToPath(new URL("../../", import.meta.url));
	const folder = mkdtempSync(join(tmpdir(), "perigee-borders-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	cpSync(join(root, "biome.json"), join(folder, "biome.json"));
	const planted = {
		"machines/a.ts": "../actors/a.ts",
		"machines/b.ts": "node:fs/promises",
		"persistence/a.ts": "../machines/b.ts",
		"actors/a.ts": "../server/a.ts",
		"server/a.ts": "../agent/a.ts",
		"agent/a.ts": "../server/b.ts",
		"client/a.ts": "../server/b.ts",
		"server/b.ts": "../client/b.ts",
		"web-console/a.ts": "../persistence/b.ts",
		"server/circle.ts": "./circle-too.ts",
		"server/circle-too.ts": "./circle.ts",
	};
	for (const [path, specifier] of Object.entries(planted)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), `import { b } from "${specifier}";\n\nexport const a = b;\n`);
	}
	const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
	const args = [biome, "lint", "--reporter=json", "--max-diagnostics=100", "."];
	let output = "";
	try {
		output = execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
	} catch (error) {
		// Findings end it with status 1; that is what is asked for.
		output = String((error as { stdout: unknown }).stdout);
	}
	const findings = (
		JSON.parse(output) as { diagnostics: { category: string; location: { path: unknown } }[] }
	).diagnostics
		.filter(({ category }) => /noRestrictedImports|noImportCycles/.test(category))
		.map(({ location }) => JSON.stringify(location.path));
	for (const path of Object.keys(planted))
		expect(
			findings.some((each) => each.includes(path)),
			path,
		).toBe(true);
});
