import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { describedRoutes } from "../../scripts/described-api.ts";
import type { Route } from "../../server/http/route.ts";
import { readViewer } from "../../server/openapi/viewer.ts";
import { docsRoutes } from "../../server/routes/docs.ts";
import { staticFile } from "../../server/routes/static-file.ts";
import { type ServeOptions, type Serving, serve } from "../server/serve.ts";
import { operationsOf } from "../support/openapi-answer.ts";

const yaml = "application/x-yaml";
const notAcceptable = {
	error_code: 12024,
	desc: "Unsupported media type",
	detail: "Bad/incomplete input data",
};
const manual = [
	staticFile("index.html", '<html><script src="a.js"></script></html>'),
	staticFile("guide/index.html", "<html>guide</html>"),
	staticFile("guide/two words.html", "<html>words</html>"),
	staticFile("assets/app.3f2a.js", 'export const base = "/docs/dev/";'),
];

/** Everything that a service serves, with a small manual instead of the built one. */
async function serveDocs(options: ServeOptions = {}): Promise<Serving> {
	const all = (await describedRoutes()).filter(({ pattern }) => !pattern.startsWith("/docs/"));
	const docs = docsRoutes({ routes: all, version: "2.3.4", viewer: await readViewer(), manual });
	return serve({ ...options, routes: [...all.filter(isBesidesTable), ...docs] });
}

/** `serve` serves the table itself; these come besides. */
function isBesidesTable({ pattern }: Route): boolean {
	return /^\/(config|metrics|plugins)?$|^\/console\//.test(pattern);
}

const get = (serving: Serving, accept?: string, path = "/docs/spec") =>
	serving.ask(path, accept === undefined ? {} : { headers: { Accept: accept } });

describe("GET /docs/spec", () => {
	test("is YAML for those who ask for it, for */* and for those who say nothing", async () => {
		await using serving = await serveDocs();
		for (const accept of [
			yaml,
			"*/*",
			"application/*",
			undefined,
			`text/html;q=0.5, ${yaml}`,
			"text/html;q=0, */*;q=0.1",
		]) {
			const response = await get(serving, accept);
			expect(response.status, accept).toBe(200);
			expect(response.headers.get("content-type"), accept).toBe(yaml);
			expect(response.headers.get("vary")).toContain("Accept");
		}
		expect(parse(await (await get(serving)).text())).toMatchObject({ openapi: "3.1.0", info: { version: "2.3.4" } });
	});

	test("is a page for those who prefer text/html", async () => {
		await using serving = await serveDocs();
		for (const accept of [
			"text/html",
			`${yaml};q=0.9, text/html`,
			"text/*",
			"text/html,application/xhtml+xml,*/*;q=0.8",
		]) {
			expect((await get(serving, accept)).headers.get("content-type"), accept).toBe("text/html; charset=utf-8");
		}
	});

	test("is 406 for those who accept neither", async () => {
		await using serving = await serveDocs();
		for (const accept of ["application/json", "image/png, text/plain", `${yaml};q=0`]) {
			const response = await get(serving, accept);
			expect(response.status, accept).toBe(406);
			expect(await response.json()).toEqual(notAcceptable);
		}
	});

	test("is 304 for those who have it", async () => {
		await using serving = await serveDocs();
		const etag = (await get(serving)).headers.get("etag") ?? "";
		const again = await serving.ask("/docs/spec", { headers: { "If-None-Match": etag } });
		expect(again.status).toBe(304);
		expect((await serving.ask("/docs/spec", { headers: { "If-None-Match": etag, Accept: "text/html" } })).status).toBe(
			200,
		);
	});

	test("holds what is served, and what it holds is served", async () => {
		await using serving = await serveDocs();
		const document = parse(await (await get(serving)).text());
		const operations = operationsOf(document);
		expect(operations.length).toBeGreaterThan(25);
		const id = "426542d6-5509-4e5b-8a01-e2abd5c0a8c6";
		for (const path of Object.keys(document.paths)) {
			const response = await serving.ask(path.replace(/\{\w+\}/, id), { method: "OPTIONS" });
			const allowed = (response.headers.get("allow") ?? "").split(", ").filter((verb) => !/HEAD|OPTIONS/.test(verb));
			const described = operations.filter((each) => each.endsWith(` ${path}`)).map((each) => each.split(" ")[0]);
			expect(allowed.sort(), path).toEqual(described.sort());
		}
	});

	test("names the prefix that it is asked under", async () => {
		await using serving = await serveDocs({ prefix: "/6/luna-streams" });
		const servers = async (path: string) => parse(await (await get(serving, yaml, path)).text()).servers[0].url;
		expect(await servers("/6/luna-streams/docs/spec")).toBe("/6/luna-streams");
		expect(await servers("/docs/spec")).toBe("/");
	});
});

describe("the page", () => {
	test("loads nothing that this service does not serve, and runs nothing that stands in it", async () => {
		await using serving = await serveDocs({ prefix: "/6/luna-streams" });
		for (const prefix of ["", "/6/luna-streams"]) {
			const response = await get(serving, "text/html", `${prefix}/docs/spec`);
			const page = await response.text();
			expect(page).not.toMatch(/https?:|<style|\sstyle=|\son\w+=|<script>/);
			const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = ""]) => link);
			expect(links.length).toBe(4);
			for (const link of links) {
				const file = await serving.ask(new URL(link, `http://x${prefix}/docs/spec`).pathname);
				expect(file.status, link).toBe(200);
				await file.arrayBuffer();
			}
		}
	});

	test("has a policy under which nothing of another host and no code in the page can run", async () => {
		await using serving = await serveDocs();
		const policy = (await get(serving, "text/html")).headers.get("content-security-policy") ?? "";
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("script-src 'self';");
		expect(policy).not.toMatch(/unsafe|https?:|\*/);
	});

	test("asks no validator of another host", async () => {
		await using serving = await serveDocs();
		expect(await (await serving.ask("/docs/spec/start.js")).text()).toContain("validatorUrl: null");
	});
});

describe("the manual", () => {
	test("GET /docs/dev leads to its first page", async () => {
		await using serving = await serveDocs({ prefix: "/6/luna-streams" });
		for (const prefix of ["", "/6/luna-streams"]) {
			const response = await serving.ask(`${prefix}/docs/dev`, { redirect: "manual" });
			expect(response.status).toBe(302);
			expect(response.headers.get("location")).toBe(`${prefix}/docs/dev/index.html`);
		}
	});

	test("is served from its folder, and nothing else is", async () => {
		await using serving = await serveDocs();
		const text = async (path: string) => (await serving.ask(`/docs/dev/${path}`)).text();
		expect(await text("guide/")).toBe("<html>guide</html>");
		expect(await text("")).toContain("a.js");
		expect(await text("guide/two%20words.html")).toBe("<html>words</html>");
		for (const path of ["nothing.html", "%2e%2e/package.json", "guide", "..%2f..%2fpackage.json"]) {
			const response = await serving.ask(`/docs/dev/${path}`);
			expect(response.status, path).toBe(404);
			expect(await response.json()).toMatchObject({ error_code: 12013 });
		}
	});

	test("its pages have the same policy, and its assets stay in caches", async () => {
		await using serving = await serveDocs();
		const page = await serving.ask("/docs/dev/index.html");
		expect(page.headers.get("content-security-policy")).toContain("script-src 'self'; style-src 'self';");
		const app = await serving.ask("/docs/dev/assets/app.3f2a.js");
		expect(app.headers.get("cache-control")).toContain("immutable");
	});

	test("below the prefix it names no address outside of it", async () => {
		await using serving = await serveDocs({ prefix: "/6/luna-streams" });
		const script = async (prefix: string) => (await serving.ask(`${prefix}/docs/dev/assets/app.3f2a.js`)).text();
		expect(await script("/6/luna-streams")).toBe('export const base = "/6/luna-streams/docs/dev/";');
		expect(await script("")).toBe('export const base = "/docs/dev/";');
	});
});
