import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";

/** All scripts together, compressed. */
const MAX_SCRIPT_BYTES = 150 * 1024;

const folder = fileURLToPath(new URL("../../dist/web-console/", import.meta.url));
const contents = new Map<string, Buffer>();
const named = (end: string) => [...contents].filter(([name]) => name.endsWith(end));

describe("the console as it is built", () => {
	beforeAll(async () => {
		await ensureBuilt(["web console"]);
		for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
			if (!entry.isFile()) continue;
			contents.set(entry.name, await readFile(join(entry.parentPath, entry.name)));
		}
	});

	test("its scripts are small, all of them together, in either compression", () => {
		for (const end of [".js.br", ".js.gz"]) {
			const bytes = named(end).reduce((sum, [, content]) => sum + content.length, 0);
			expect(bytes, `${end}: ${bytes} bytes`).toBeLessThan(MAX_SCRIPT_BYTES);
		}
		expect(named(".js").length).toBeGreaterThan(0);
	});

	test("its compressed copies hold what they are copies of", () => {
		const copies = [...named(".br"), ...named(".gz")];
		expect(copies.length).toBeGreaterThan(2);
		for (const [name, copy] of copies) {
			const plain = name.endsWith(".br") ? brotliDecompressSync(copy) : gunzipSync(copy);
			expect(contents.get(name.replace(/\.(br|gz)$/, ""))?.equals(plain), name).toBe(true);
		}
		for (const [name, content] of named(".js")) {
			if (content.length >= 512) expect(contents.has(`${name}.br`), name).toBe(true);
		}
	});

	test("every file but the page has a name that changes with its content", () => {
		for (const [name] of contents) {
			if (!name.startsWith("index.html")) expect(name).toMatch(/-[\w-]{8}\.\w+(\.br|\.gz)?$/);
		}
	});

	test("holds nothing inline, and nothing of another origin", () => {
		const page = contents.get("index.html")?.toString() ?? "";
		expect(page).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\bon\w+=|https?:/);
		for (const [name, content] of named(".css"))
			expect(content.toString(), name).not.toMatch(/url\(["']?(https?:|\/\/)|@import/);
	});
});
