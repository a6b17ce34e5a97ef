import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { filesIn, read, withoutComments } from "./source-tree.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const itself = "tests/house/words.test.ts";
const texts = filesIn(".", [".ts", ".tsx", ".mjs", ".md", ".sql", ".css", ".html", ".yaml", ".json", "/run"]).filter(
	(path) => path !== "package-lock.json" && path !== itself,
);

/** The lines of the files that match, as `path:line: text`. */
function lines(paths: readonly string[], pattern: RegExp, prepare = (text: string) => text): string[] {
	return paths.flatMap((path) =>
		prepare(read(path))
			.split("\n")
			.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
	);
}

describe("the text of the project", () => {
	test("names no folder of somebody's machine", () => {
		expect(lines(texts, /(^|[\s"'`(=])\/(work|home|root|Users)\/\w/)).toEqual([]);
	});

	test("leaves nothing for later", () => {
		expect(lines(texts, /\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
	});

	test("switches off no type check and no test", () => {
		const code = texts.filter((path) => /\.(ts|tsx)$/.test(path));
		expect(lines(code, /@ts-(ignore|nocheck|expect-error)|\b(test|it|describe)\.(only|todo)\b/)).toEqual([]);
	});

	test("has links that lead somewhere", () => {
		const pages = texts.filter((path) => path.endsWith(".md"));
		const dead = pages.flatMap((page) => {
			const links = [...read(page).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
			const local = links.filter((target) => !/^(https?:|mailto:|\/)/.test(target));
			return local
				.filter((target) => !existsSync(join(root, dirname(page), decodeURI(target))))
				.map((target) => `${page}: ${target}`);
		});
		expect(dead).toEqual([]);
	});
});

describe("SQL", () => {
	const outside = ["machines", "actors", "server", "agent", "client", "web-console", "scripts"].flatMap((folder) =>
		filesIn(folder, [".ts", ".tsx", ".mjs", ".sql"]),
	);
	const statement =
		/\b(SELECT\b.*\bFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|DATABASE)|FOR\s+UPDATE)\b|\bsql`/;

	test("stands in persistence/ and nowhere else", () => {
		expect(outside.filter((path) => path.endsWith(".sql"))).toEqual([]);
		expect(lines(outside, statement, withoutComments)).toEqual([]);
	});

	test("is known when it is met", () => {
		const files = filesIn("persistence", [".ts"]);
		expect(lines(files, statement, withoutComments).length).toBeGreaterThan(10);
	});
});

test("files are named for what is in them", () => {
	const vague = filesIn(".", [".ts", ".tsx", ".mjs"]).filter((path) =>
		/^(utils?|helpers?|misc|common|index)\./.test(basename(path)),
	);
	expect(vague.filter((path) => !path.startsWith("web-console/"))).toEqual([]);
});
