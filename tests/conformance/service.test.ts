import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { faults, said } from "./faults.ts";
import { openTarget } from "./target.ts";

const password = "pass-word-that-nobody-may-read";
const target = await openTarget({ INFLUX_MONITORING__TOKEN: password });
const { api } = target;

test("GET /version tells four integers, the API's being 1", async () => {
	const answer = await api.get("/version");
	const number = expect.any(Number);
	expect(said(answer)).toEqual({
		status: 200,
		body: { Version: { api: 1, major: number, minor: number, patch: number } },
	});
});

test("GET /healthcheck tells its time in seconds, within a second, whatever is included", async () => {
	for (const query of ["", "?include_luna_services=0", "?include_luna_services=1"]) {
		const begun = Date.now();
		const { status, body } = await api.get<{ execution_time: number }>(`/healthcheck${query}`);
		expect(Date.now() - begun).toBeLessThan(1_500);
		expect([status, Object.keys(body)]).toEqual([200, ["execution_time"]]);
		expect(body.execution_time).toBeGreaterThanOrEqual(0);
		expect(body.execution_time).toBeLessThan(1);
	}
});

describe("GET /config", () => {
	const hidden = "********";
	interface Secrets {
		LUNA_STREAMS_DB: { DB_PASSWORD: string; DSN: string };
		INFLUX_MONITORING: Record<string, unknown>;
	}
	test("gives JSON, or YAML for text/plain, by q-value", async () => {
		const json = await api.get<Record<string, object>>("/config", { Accept: "application/json" });
		expect(json.headers["content-type"]).toMatch(/^application\/json/);
		const text = await api.get<string>("/config", { Accept: "text/plain" });
		expect(text.headers["content-type"]).toMatch(/^text\/plain/);
		expect(parse(text.body)).toEqual(json.body);
		const preferred = await api.get("/config", { Accept: "application/json;q=0.1, text/plain" });
		expect(preferred.headers["content-type"]).toMatch(/^text\/plain/);
		for (const Accept of ["*/*", "", "image/png"])
			expect((await api.get("/config", { Accept })).headers["content-type"], Accept).toMatch(/^application\/json/);
	});
	test("has the sections of the contract", async () => {
		const { body } = await api.get<Record<string, object>>("/config");
		for (const section of [
			"LUNA_STREAMS_DB",
			"REDIS",
			"LUNA_STREAMS_HTTP_SETTINGS",
			"LUNA_STREAMS_LOGGER",
			"LUNA_STREAMS_LOGS_CLEAR_INTERVAL",
			"LUNA_STREAMS_STREAM_STATUS_OBSOLETING",
			"LUNA_STREAMS_AUTORESTART",
			"LUNA_STREAMS_FEEDBACK",
			"LUNA_STREAMS_QUEUE",
			"LUNA_STREAMS_PREVIEW",
			"LUNA_STREAMS_ACTIVE_PLUGINS",
			"LUNA_SERVICE_METRICS",
			"INFLUX_MONITORING",
		])
			expect(body).toHaveProperty(section);
		expect(Object.keys(body["INFLUX_MONITORING"] ?? {}).sort()).toEqual(
			[
				"SEND_DATA_FOR_MONITORING",
				"VERSION",
				"ORGANIZATION",
				"TOKEN",
				"BUCKET",
				"HOST",
				"PORT",
				"USE_SSL",
				"FLUSHING_PERIOD",
			].sort(),
		);
	});
	test("shows no secret, set or not", async () => {
		const { body, bytes } = await api.get<Secrets>("/config");
		expect(body.LUNA_STREAMS_DB.DB_PASSWORD).toBe(hidden);
		expect(body.INFLUX_MONITORING["TOKEN"]).toBe(hidden);
		expect(body.LUNA_STREAMS_DB.DSN).not.toMatch(/:\/\/[^/@]*:(?!\*{8}@)[^/@]*@/);
		expect(bytes.includes(password)).toBe(false);
		const text = await api.get("/config", { Accept: "text/plain" });
		expect(text.bytes.includes(password)).toBe(false);
	});
});

test("GET /plugins lists names with running 0 or 1", async () => {
	const { status, body } = await api.get<{ plugins: { name: string; running: number }[] }>("/plugins");
	expect([status, Object.keys(body)]).toEqual([200, ["plugins"]]);
	for (const plugin of body.plugins) {
		expect(Object.keys(plugin).sort()).toEqual(["name", "running"]);
		expect([0, 1]).toContain(plugin.running);
	}
});

describe("GET /docs/spec", () => {
	test("gives YAML or a page, by Accept, and YAML to who does not mind", async () => {
		for (const Accept of ["application/x-yaml", "*/*", "", "text/html;q=0.5, application/x-yaml"]) {
			const answer = await api.get<string>("/docs/spec", { Accept });
			expect([answer.status, answer.headers["content-type"]], Accept).toEqual([
				200,
				expect.stringMatching(/^application\/x-yaml/),
			]);
			expect(parse(answer.body)).toMatchObject({ openapi: expect.stringMatching(/^3\./), paths: expect.any(Object) });
		}
		for (const Accept of ["text/html", "text/html,application/xhtml+xml;q=0.9"]) {
			const answer = await api.get<string>("/docs/spec", { Accept });
			expect([answer.status, answer.headers["content-type"]]).toEqual([200, expect.stringMatching(/^text\/html/)]);
			expect(answer.body).toMatch(/<html/i);
		}
	});
	test("is 406/12024 for who accepts neither", async () => {
		for (const Accept of ["application/json", "image/png", "text/html;q=0, application/x-yaml;q=0"])
			expect(said(await api.get("/docs/spec", { Accept })), Accept).toEqual(faults.notAcceptable);
	});
	test("describes every operation of the API, with the verbs that OPTIONS tells", async () => {
		const { body } = await api.get<string>("/docs/spec");
		const { paths } = parse(body) as { paths: Record<string, Record<string, { responses: object }>> };
		const verbs = ["get", "post", "put", "patch", "delete"];
		const operations = Object.entries(paths).flatMap(([path, item]) =>
			Object.keys(item)
				.filter((verb) => verbs.includes(verb))
				.map((verb) => `${verb.toUpperCase()} ${path}`),
		);
		expect(operations).toEqual(
			expect.arrayContaining([
				"GET /version",
				"POST /1/streams",
				"GET /1/streams",
				"DELETE /1/streams",
				"GET /1/streams/count",
				"GET /1/streams/{stream_id}",
				"PATCH /1/streams/{stream_id}",
				"PUT /1/streams/{stream_id}",
				"DELETE /1/streams/{stream_id}",
				"GET /1/streams/processing/queue",
				"POST /1/streams/processing/queue",
				"POST /1/streams/processing/feedback",
				"GET /1/streams/{stream_id}/preview/last_frame",
				"GET /1/streams/{stream_id}/preview/live",
				"GET /1/streams/logs",
				"DELETE /1/streams/logs",
				"POST /1/groups",
				"GET /1/groups",
				"GET /1/groups/count",
				"GET /1/groups/{group_id}",
				"PATCH /1/groups/{group_id}",
				"DELETE /1/groups/{group_id}",
				"POST /1/linker",
				"PATCH /1/linker",
				"GET /docs/spec",
				"GET /docs/dev",
				"GET /config",
				"GET /plugins",
				"GET /healthcheck",
			]),
		);
		for (const [path, item] of Object.entries(paths)) {
			const { allow = "" } = (await api.ask("OPTIONS", path.replace(/\{\w+\}/g, crypto.randomUUID()))).headers;
			const described = Object.keys(item).filter((verb) => verbs.includes(verb));
			const told = allow
				.toLowerCase()
				.split(/, */)
				.filter((verb) => verbs.includes(verb));
			expect(told.sort(), path).toEqual(described.sort());
		}
	});
});

test("GET /docs/dev leads to the manual's first page", async () => {
	const answer = await api.get("/docs/dev");
	expect(answer.status).toBe(302);
	expect(answer.headers.location).toMatch(/\/docs\/dev\/index\.html$/);
	const page = await api.follow<string>(answer);
	expect([page.status, page.headers["content-type"]]).toEqual([200, expect.stringMatching(/^text\/html/)]);
	expect(page.body).toMatch(/<html/i);
});

test.runIf(target.config.LUNA_SERVICE_METRICS.ENABLED === 1)("GET /metrics is Prometheus' text", async () => {
	const answer = await api.get<string>("/metrics");
	expect([answer.status, answer.headers["content-type"]]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
	for (const line of answer.body.split("\n").filter((each) => each !== ""))
		expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|[a-zA-Z_:][\w:]*(\{.*\})? (-?[\d.e+-]+|[+-]Inf|NaN))$/);
	expect(answer.body).not.toContain(target.mark);
});

test("GET / is a page", async () => {
	const answer = await api.get("/");
	expect([answer.status, answer.headers["content-type"]]).toEqual([200, expect.stringMatching(/^text\/html/)]);
});
