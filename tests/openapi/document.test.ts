import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Type from "typebox";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { describedRoutes } from "../../scripts/described-api.ts";
import { catalogue } from "../../server/http/catalogue.ts";
import type { Route } from "../../server/http/route.ts";
import { bodyExamples } from "../../server/openapi/body-examples.ts";
import { type OpenApiDocument, openApiDocument } from "../../server/openapi/document.ts";
import { NamedSchemas } from "../../server/openapi/named-schemas.ts";
import { faultsOf } from "../../server/openapi/operation.ts";
import { operationsOf } from "../support/openapi-answer.ts";

const root = new URL("../../", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

let routes: Route[];
let document: OpenApiDocument;
/** Shaped as a reader of JSON sees it. */
// biome-ignore lint/suspicious/noExplicitAny: the tests walk through a document of unknown shape
let seen: any;

beforeAll(async () => {
	routes = (await describedRoutes()).filter((each) => each.internal !== true);
	document = openApiDocument(routes, { version: manifest.version, prefix: "" });
	seen = JSON.parse(JSON.stringify(document));
});

describe("the description of the API", () => {
	test("is OpenAPI that a linter has nothing against", () => {
		const folder = mkdtempSync(join(tmpdir(), "perigee-openapi-"));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		writeFileSync(join(folder, "openapi.yaml"), stringify(document, { aliasDuplicateObjects: false }));
		const cli = fileURLToPath(new URL("node_modules/@redocly/cli/bin/cli.js", root));
		const config = fileURLToPath(new URL("redocly.yaml", import.meta.url));
		const output = execFileSync(
			process.execPath,
			[cli, "lint", "openapi.yaml", "--config", config, "--format=json", "--max-problems=50"],
			{
				cwd: folder,
				encoding: "utf8",
				stdio: "pipe",
				// Nothing is sent anywhere and nothing asked for.
				env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" },
			},
		);
		const { totals, problems } = JSON.parse(output.slice(output.indexOf("{")));
		expect(problems).toEqual([]);
		expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
	});

	test("names its version, licence and purpose", () => {
		expect(seen.openapi).toBe("3.1.0");
		expect(seen.info).toMatchObject({
			title: "Perigee",
			version: manifest.version,
			license: { identifier: manifest.license },
		});
	});

	test("holds every route that is served, and no other", () => {
		const served = routes.map(({ method, pattern }) => `${method} ${pattern}`);
		expect(operationsOf(document).sort()).toEqual(served.sort());
		expect(served).toContain("POST /1/streams/processing/feedback");
		expect(served).toContain("GET /docs/spec");
	});

	test("gives every operation a name of its own, a summary and a tag that is explained", () => {
		const operations: { operationId: string; summary: string; tags: string[]; responses: object }[] = Object.values(
			seen.paths,
		).flatMap((item) => Object.values(Object(item)));
		const ids = operations.map((each) => each.operationId);
		expect(new Set(ids).size).toBe(ids.length);
		for (const { operationId, summary, tags, responses } of operations) {
			expect(operationId).toMatch(/^[a-z]+[A-Za-z]*$/);
			expect(summary).toMatch(/^[A-Z].*[^.]$/);
			expect(seen.tags.map((tag: { name: string }) => tag.name)).toContain(tags[0]);
			expect(Object.keys(responses).some((status) => /^[23]/.test(status))).toBe(true);
		}
		for (const { name, description } of seen.tags) expect(description).not.toBe(name);
	});

	test("shows an example of every fault of every route, as it would be answered", () => {
		for (const route of routes) {
			const { responses } = seen.paths[route.pattern][route.method.toLowerCase()];
			for (const code of faultsOf(route)) {
				const { http, desc } = catalogue[code];
				const answer = seen.components.responses[responses[http].$ref.split("/").pop()];
				expect(answer.content["application/json"].examples[`error_${code}`], `${route.pattern} ${code}`).toBeDefined();
				const { value } = seen.components.examples[`error_${code}`];
				expect(value).toMatchObject({ error_code: code, desc });
				expect(value.detail).not.toMatch(/[{}]|undefined/);
			}
		}
	});

	test("says when to ask again where that is answered", () => {
		const { headers } = seen.components.responses.error_39905;
		expect(headers["Retry-After"].schema.type).toBe("integer");
	});

	test("shows an example of every body, and the service accepts it", () => {
		const bodies = routes.flatMap(({ body }) => (body === undefined ? [] : [body]));
		expect(bodies.length).toBeGreaterThan(5);
		for (const { schema, read } of bodies) {
			const { title = "" } = schema as { title?: string };
			expect(bodyExamples[title], title).toBeDefined();
			expect(() => read(bodyExamples[title])).not.toThrow();
		}
	});

	test("says the limits and defaults that are checked", () => {
		const { schemas } = seen.components;
		expect(schemas.stream_to_write.properties.name).toMatchObject({ maxLength: 128, default: "" });
		expect(schemas.stream_to_write.required).toEqual(["account_id", "data", "event_handler"]);
		expect(schemas.feedback.properties.streams.maxItems).toBe(10_000);
		expect(schemas.filtering.properties.min_score).toMatchObject({ minimum: 0, maximum: 1, default: 0.5187 });
		expect(schemas.link.properties.stream_ids).toMatchObject({ minItems: 1, maxItems: 1000 });
		const { parameters } = seen.paths["/1/streams"].get;
		const size = parameters.find(({ name }: { name?: string }) => name === "page_size");
		expect(size.schema).toMatchObject({ minimum: 1, maximum: 1000, default: 10 });
	});

	test("lists in queries are separated by commas", () => {
		for (const route of routes) {
			const { parameters } = seen.paths[route.pattern][route.method.toLowerCase()];
			for (const { schema, style, explode } of parameters) {
				if (schema?.type === "array") expect({ style, explode }).toEqual({ style: "form", explode: false });
			}
		}
		const required = seen.paths["/1/streams/processing/queue"].get.parameters.filter(
			(each: { required?: boolean }) => each.required,
		);
		expect(required.map((each: { name: string }) => each.name)).toEqual(["limit"]);
	});

	test("tells the kinds of a source apart by their type", () => {
		const { oneOf, discriminator } = seen.components.schemas.stream_data;
		expect(oneOf).toHaveLength(4);
		expect(discriminator).toEqual({
			propertyName: "type",
			mapping: Object.fromEntries(
				["tcp", "udp", "videofile", "images"].map((type) => [type, `#/components/schemas/stream_data_${type}`]),
			),
		});
	});

	test("every schema is written once", () => {
		// Plain strings and numbers may look alike and mean different things.
		const objects = Object.entries(Object(seen.components.schemas)).filter(([, each]) => Object(each).properties);
		const texts = objects.map(([, each]) => JSON.stringify(each));
		expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
		const inline = JSON.stringify(seen.paths).match(/"properties":/g);
		expect(inline).toBeNull();
	});

	test("stands below the prefix that it was asked for under", () => {
		const { servers } = openApiDocument(routes, { version: "1.2.3", prefix: "/6/luna-streams" });
		expect(servers).toMatchObject([{ url: "/6/luna-streams" }]);
	});
});

describe("schemas with names", () => {
	const name = (description: string) => Type.String({ title: "name", maxLength: 5, description });

	test("what all uses say stands in the component, what one says beside its reference", () => {
		const whole = Type.Object({ a: name("One."), b: name("Two.") }, { title: "whole" });
		const named = new NamedSchemas([whole]);
		expect(named.use(whole)).toEqual({ $ref: "#/components/schemas/whole" });
		expect(named.toJson()).toEqual({
			name: { type: "string", maxLength: 5 },
			whole: {
				type: "object",
				required: ["a", "b"],
				properties: {
					a: { $ref: "#/components/schemas/name", description: "One." },
					b: { $ref: "#/components/schemas/name", description: "Two." },
				},
			},
		});
	});

	test("one title for two schemas is refused", () => {
		const other = Type.String({ title: "name", maxLength: 6 });
		expect(() => new NamedSchemas([Type.Object({ a: name("One."), b: other })])).toThrow(
			"2 different schemas with the title 'name'",
		);
	});
});
