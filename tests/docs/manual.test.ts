import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { type RunningService, startService } from "../main-job/service-fixture.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = `${root}dist/manual/`;
const base = "/docs/dev/";

let files: string[];
let pages: { path: string; html: string }[];
let service: RunningService;

beforeAll(async () => {
	await ensureBuilt(["manual"]);
	files = readdirSync(built, { recursive: true, encoding: "utf8" });
	pages = files
		.filter((path) => path.endsWith(".html"))
		.map((path) => ({ path, html: readFileSync(built + path, "utf8") }));
	service = await startService();
}, 180_000);

/** What a page refers to, as `[attribute, address]`. */
function references(html: string): [string, string][] {
	return [...html.matchAll(/<[a-z][^>]*?\s(href|src|srcset|action|poster)="([^"]*)"/g)].map(
		([, attribute = "", address = ""]) => [attribute, address.replaceAll("&amp;", "&")],
	);
}

describe("the manual", () => {
	test("has every page of docs/, and its sidebar leads to each of them", () => {
		const sources = readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" }).filter((path) =>
			path.endsWith(".md"),
		);
		expect(sources.length).toBeGreaterThan(15);
		const first = pages.find(({ path }) => path === "index.html")?.html ?? "";
		const linked = new Set(references(first).map(([, address]) => address));
		for (const source of sources) {
			const path = source.replace(/\.md$/, ".html");
			expect(files).toContain(path);
			expect(linked, source).toContain(base + path.replace(/^index\.html$/, ""));
		}
	});

	test("has links that lead somewhere, to the very heading", () => {
		const dead: string[] = [];
		for (const { path, html } of pages) {
			for (const [, address] of references(html)) {
				if (/^(https?:|mailto:|data:)/.test(address) || path === "404.html") continue;
				const [to = "", anchor] = address.split("#");
				const at =
					to === "" ? base + path : posix.resolve(posix.dirname(base + path), to) + (to.endsWith("/") ? "/" : "");
				if (!at.startsWith(base)) {
					if (at !== "/docs/spec") dead.push(`${path}: ${address}`);
					continue;
				}
				const file = at.slice(base.length).replace(/(^|\/)$/, "$1index.html");
				const target = pages.find((each) => each.path === file)?.html;
				if (!files.includes(file)) dead.push(`${path}: ${address}`);
				else if (anchor && !target?.includes(`id="${decodeURI(anchor)}"`)) dead.push(`${path}: ${address}`);
			}
		}
		expect(dead).toEqual([]);
	});

	test("has no script and no style inside its pages, and no script made from text", () => {
		const inline = pages.flatMap(({ path, html }) =>
			(html.match(/<script(?![^>]* src=)[^>]*>|<style|\s(?:style|on[a-z]+)="[^"]*"/g) ?? []).map(
				(each) => `${path}: ${each}`,
			),
		);
		expect(inline).toEqual([]);
		// A function in the configuration would travel as text, and be made by eval.
		const scripts = files.filter((path) => path.endsWith(".js")).map((path) => readFileSync(built + path, "utf8"));
		expect(scripts.filter((text) => text.includes("_vp-fn_")).length).toBe(0);
	});

	test("loads nothing from elsewhere", () => {
		const loaded = pages.flatMap(({ html }) =>
			[...html.matchAll(/<(?:script|link|img|iframe|source|video)\b[^>]*?\s(?:href|src)="([^"]*)"/g)].map(
				([, to = ""]) => to,
			),
		);
		expect(loaded.length).toBeGreaterThan(100);
		expect(loaded.filter((address) => !address.startsWith(base) && !address.startsWith("data:"))).toEqual([]);
		const sheets = files.filter((path) => path.endsWith(".css")).map((path) => readFileSync(built + path, "utf8"));
		expect(sheets.flatMap((text) => text.match(/url\(["']?https?:[^)]*\)|@import/g) ?? [])).toEqual([]);
	});

	test("has an index of its words for a search without a server", () => {
		const index = files.find((path) => path.includes("localSearchIndex")) ?? "";
		const text = readFileSync(built + index, "utf8");
		for (const word of ["autorestart", "obsoleting", "39005", "systemd"])
			expect(text.includes(`["${word}",`), word).toBe(true);
	});

	test("is served whole, under a policy that permits nothing inline and nothing from elsewhere", async () => {
		const { api } = service;
		const first = await api.ask("GET", "/docs/dev");
		expect([first.status, first.headers.location]).toEqual([302, "/docs/dev/index.html"]);
		for (const path of files.filter((each) => /\.\w+$/.test(each))) {
			const { status, headers } = await api.ask("GET", base + encodeURI(path));
			expect(status, path).toBe(200);
			const policy = String(headers["content-security-policy"]);
			expect(policy).toContain("default-src 'none'");
			expect(/script-src ([^;]*)/.exec(policy)?.[1]).not.toContain("unsafe");
		}
	});
});
