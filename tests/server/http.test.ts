import { decode } from "@msgpack/msgpack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import { Fault } from "../../persistence/fault.ts";
import { openAccess } from "../../server/access/access.ts";
import { catalogue, errorAnswer } from "../../server/http/catalogue.ts";
import { Peers } from "../../server/http/peers.ts";
import { route } from "../../server/http/route.ts";
import { HttpServer } from "../../server/http/server.ts";
import { freePort } from "../support/redis.ts";
import { stressService } from "../support/stress-service.ts";
import { head, raw } from "./raw-client.ts";
import { ID, row, smallBody, UNKNOWN } from "./recording-engine.ts";
import { posted, type Serving, serve } from "./serve.ts";

const formOfRequestId = /^[0-9]{10},[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const given = "1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a";
const notFound = { error_code: 12013, desc: "Page not found", detail: "Page not found" };
const large = "x".repeat(300_000);
const waiting: (() => void)[] = [];

const extra = [
	route({
		method: "GET",
		pattern: "/test/large",
		access: "public",
		tag: "test",
		summary: "",
		answers: [],
		faults: [],
		handle: () => ({ kind: "bytes", type: "text/plain", bytes: large }),
	}),
	route({
		method: "GET",
		pattern: "/test/throws",
		access: "public",
		tag: "test",
		summary: "",
		answers: [],
		faults: [],
		handle: () => {
			throw new TypeError("a bug with password=hunter2");
		},
	}),
	route({
		method: "GET",
		pattern: "/test/waits",
		access: "public",
		tag: "test",
		summary: "",
		answers: [],
		faults: [],
		handle: () => new Promise((resolve) => waiting.push(() => resolve({ kind: "value", value: "at last" }))),
	}),
	route({
		method: "GET",
		pattern: "/test/moved",
		access: "public",
		tag: "test",
		summary: "",
		answers: [],
		faults: [],
		handle: ({ prefix }) => ({ kind: "redirect", location: `${prefix}/elsewhere` }),
	}),
	route({
		method: "GET",
		pattern: "/test/files/*",
		access: "public",
		tag: "test",
		summary: "",
		answers: [],
		faults: [],
		handle: ({ parameters }) => ({ kind: "value", value: parameters["*"] }),
	}),
	route({
		method: "GET",
		pattern: "/test/retry",
		access: "public",
		tag: "test",
		summary: "",
		answers: [],
		faults: [],
		handle: () => {
			throw new Fault(39904, { seconds: 7 });
		},
	}),
];

let serving: Serving;
beforeAll(async () => {
	serving = await serve({
		prefix: "/6/luna-streams",
		allowedHosts: ["streams.example", "proxy.example:8443"],
		corsOrigins: ["https://console.example"],
		routes: extra,
	});
});
afterAll(() => serving.server.stop());

describe("routes and verbs", () => {
	test("an unknown route, or a path id that is not a lower-case uuid, is 404/12013", async () => {
		for (const path of [
			"/nope",
			"/1",
			"/1/streams/",
			"//1/streams",
			"/1/streams/42",
			`/1/streams/${ID.toUpperCase()}`,
			`/1/streams/${ID}/preview`,
			`/1/streams/${ID}x`,
			`/1/groups/${ID}/`,
			"/1/streams/{}",
			"/1/streams/{stream_id}",
			"/6/luna-streams",
			"/6/luna-streamsx/1/streams",
		]) {
			expect(await serving.json(path)).toEqual({ status: 404, body: notFound });
			expect((await serving.ask(path, { method: "DELETE" })).status).toBe(404);
		}
	});

	test("a known route with another verb is 405/12021 with Allow", async () => {
		const response = await serving.ask(`/1/streams/${ID}`, posted({}, "POST"));
		expect(response.status).toBe(405);
		expect(response.headers.get("allow")).toBe("GET, PATCH, PUT, DELETE, HEAD, OPTIONS");
		expect(await response.json()).toMatchObject({ error_code: 12021 });
		for (const path of ["/1/streams/count", "/1/streams/logs", "/1/linker", "/version"]) {
			expect((await serving.ask(path, { method: "PUT" })).status).toBe(405);
		}
	});

	test("HEAD is a GET without its body, with the length of it, and leaves the connection usable", async () => {
		const url = `/1/streams/${ID}`;
		const get = await serving.ask(url);
		const length = Buffer.byteLength(await get.text());
		const two = head(`HEAD ${url}`) + head("GET /version", { Connection: "close" });
		const { text } = await raw(serving.server.port, two, (each) => each.includes("Version"));
		const [first = "", second = ""] = text.split("\r\n\r\n", 2);
		expect(first).toContain("200 OK");
		expect(first.toLowerCase()).toContain(`content-length: ${length}`);
		expect(second).toContain("HTTP/1.1 200 OK");
		const missing = await serving.ask(`/1/streams/${UNKNOWN}`, { method: "HEAD" });
		expect([missing.status, await missing.text()]).toEqual([404, ""]);
	});

	test("OPTIONS is 204 with Allow and without a length", async () => {
		const { text } = await raw(serving.server.port, head("OPTIONS /1/groups"));
		expect(text).toContain("HTTP/1.1 204 No Content");
		expect(text).toContain("Allow: POST, GET, HEAD, OPTIONS");
		expect(text.toLowerCase()).not.toContain("content-length");
		expect((await serving.ask("/nope", { method: "OPTIONS" })).status).toBe(404);
	});

	test("everything is served below PREFIX as well, and Location stays there", async () => {
		const plain = await serving.ask("/1/streams", posted(smallBody));
		expect(plain.headers.get("location")).toBe(`/1/streams/${ID}`);
		const prefixed = await serving.ask("/6/luna-streams/1/streams", posted(smallBody));
		expect(prefixed.status).toBe(201);
		expect(prefixed.headers.get("location")).toBe(`/6/luna-streams/1/streams/${ID}`);
		const moved = await serving.ask("/6/luna-streams/test/moved", { redirect: "manual" });
		expect([moved.status, moved.headers.get("location")]).toEqual([302, "/6/luna-streams/elsewhere"]);
	});

	test("a pattern that ends in /* gets the rest of the path", async () => {
		expect((await serving.json("/test/files/a/b.js")).body).toBe("a/b.js");
	});
});

describe("Luna-Request-Id", () => {
	test("is echoed when it has the form, else made anew; on every answer", async () => {
		for (const path of ["/version", "/nope", "/1/streams?page=0", "/test/throws", `/1/streams/${UNKNOWN}`]) {
			const echoed = await serving.ask(path, { headers: { "Luna-Request-Id": given } });
			expect(echoed.headers.get("luna-request-id")).toBe(given);
			for (const bad of ["", "x", given.toUpperCase(), `${given}0`, `1${given}`]) {
				const made = await serving.ask(path, { headers: { "Luna-Request-Id": bad } });
				expect(made.headers.get("luna-request-id")).toMatch(formOfRequestId);
			}
		}
	});

	test("stands in the request's one log line, which never holds the query", async () => {
		serving.lines.length = 0;
		await serving.ask("/1/streams?names=secret-name&page=0", { headers: { "Luna-Request-Id": given } });
		await serving.ask("/1/streams/count", { headers: { "Luna-Request-Id": given } });
		expect(serving.lines).toHaveLength(2);
		expect(serving.lines[0]).toMatchObject({
			level: "debug",
			members: { method: "GET", route: "/1/streams", status: 400, request_id: given },
		});
		expect(JSON.stringify(serving.lines)).not.toContain("secret-name");
	});
});

describe("errors", () => {
	test("an unknown error is code 1 with the cause in the log only", async () => {
		serving.lines.length = 0;
		const { status, body } = await serving.json("/test/throws");
		expect(status).toBe(500);
		expect(body).toEqual({ error_code: 1, desc: "internal server error", detail: "internal server error" });
		expect(serving.lines.map((each) => each.level)).toEqual(["error", "info"]);
		expect(serving.lines[0]?.members["err"]).toBeInstanceOf(TypeError);
		serving.engine.broken = new Error("the driver broke");
		expect((await serving.json(`/1/streams/${ID}`)).status).toBe(500);
		serving.engine.broken = undefined;
	});

	test("39904 and 39905 carry Retry-After", async () => {
		const response = await serving.ask("/test/retry");
		expect([response.status, response.headers.get("retry-after")]).toEqual([429, "7"]);
		expect(errorAnswer(new Fault(39905, { part: "database" }))).toEqual({
			status: 503,
			body: { error_code: 39905, desc: "Service unavailable", detail: "database is unavailable" },
			headers: { "Retry-After": "1" },
		});
	});

	test("every code of the catalogue makes a whole detail from its values", () => {
		const values = new Proxy({}, { get: (_, name) => `<${String(name)}>` });
		for (const code of Object.keys(catalogue).map(Number) as (keyof typeof catalogue)[]) {
			const { status, body } = errorAnswer(new Fault(code, values));
			expect(status).toBeGreaterThanOrEqual(400);
			expect(body.detail).not.toMatch(/[{}]/);
		}
		expect(errorAnswer(new Fault(39001, { id: ID })).body.detail).toBe(`Stream with id '${ID}' not found`);
	});

	test("a Host that is not ours is 403/39903", async () => {
		const ask = async (host: string) => {
			const { text } = await raw(serving.server.port, head("GET /version", { Host: host }), (each) =>
				each.includes("}"),
			);
			return text.slice(9, 12);
		};
		for (const host of [
			"127.0.0.1",
			"127.0.0.9:80",
			"LOCALHOST:5160",
			"[::1]:1",
			"streams.example:1",
			"proxy.example:8443",
		]) {
			expect(await ask(host)).toBe("200");
		}
		const bad = [
			"evil.example",
			"proxy.example:1",
			"127.0.0.1.evil.example",
			"localhost.evil",
			"[::2]",
			"a@localhost",
			"127.1",
		];
		for (const host of bad) expect(await ask(host)).toBe("403");
	});

	test("checks run in the order: route, verb, content type, JSON, body, query, object", async () => {
		const code = async (path: string, init: RequestInit) => {
			const { body } = await serving.json(path, init);
			return (body as { error_code: number }).error_code;
		};
		const unknown = `/1/streams/${UNKNOWN}?account_id=x`;
		const text = (type: string, body: string, method = "PATCH") => ({
			method,
			headers: { "Content-Type": type },
			body,
		});
		expect(await code("/1/stream", text("text/plain", "{", "POST"))).toBe(12013);
		expect(await code(unknown, text("text/plain", "{", "POST"))).toBe(12021);
		expect(await code(unknown, text("text/plain", "{"))).toBe(12023);
		expect(await code(unknown, text("application/json", "{"))).toBe(12027);
		expect(await code(unknown, text("application/json", "{}"))).toBe(12022);
		expect(await code(unknown, text("application/json", '{"status":"pause"}'))).toBe(12012);
		expect(await code(`/1/streams/${UNKNOWN}`, text("application/json", '{"status":"pause"}'))).toBe(39001);
	});
});

describe("msgpack", () => {
	const accepted = async (accept: string, path = `/1/streams/${ID}`) => {
		const response = await serving.ask(path, { headers: { Accept: accept } });
		const bytes = new Uint8Array(await response.arrayBuffer());
		return { type: response.headers.get("content-type"), bytes };
	};

	test("any JSON answer is msgpack when Accept prefers it by q-value", async () => {
		const { type, bytes } = await accepted("application/msgpack");
		expect(type).toBe("application/msgpack");
		expect(decode(bytes)).toMatchObject({ stream_id: ID, name: row.name, data: { type: "tcp" }, last_error: null });
		expect((await accepted("application/json;q=0.5, application/msgpack")).type).toBe("application/msgpack");
		const failed = await accepted("application/msgpack", "/nope");
		expect([failed.type, decode(failed.bytes)]).toEqual(["application/msgpack", notFound]);
	});

	test("else it is JSON", async () => {
		for (const accept of [
			"",
			"*/*",
			"application/json",
			"text/html",
			"application/json, application/msgpack;q=0.9",
			";;,",
		]) {
			expect((await accepted(accept)).type).toBe("application/json");
		}
		expect((await accepted("application/msgpack;q=0")).type).toBe("application/json");
	});
});

describe("CORS", () => {
	test("is off for origins that are not configured", async () => {
		const response = await serving.ask("/version", { headers: { Origin: "https://evil.example" } });
		expect(response.headers.get("access-control-allow-origin")).toBeNull();
	});

	test("lets a configured origin call and see the headers", async () => {
		const headers = { Origin: "https://console.example" };
		const response = await serving.ask("/nope", { headers });
		expect(response.headers.get("access-control-allow-origin")).toBe("https://console.example");
		const preflight = await serving.ask("/1/streams", { method: "OPTIONS", headers });
		expect(preflight.headers.get("access-control-allow-methods")).toContain("POST");
		expect(preflight.headers.get("access-control-allow-headers")).toContain("Agent-Id");
	});
});

describe("large answers", () => {
	test("arrive whole", async () => {
		expect(await (await serving.ask("/test/large")).text()).toBe(large);
		const many = await Promise.all(
			Array.from({ length: 20 }, () => serving.ask("/test/large").then((each) => each.text())),
		);
		expect(many.every((each) => each === large)).toBe(true);
		expect(serving.server.requestsUnderWay).toBe(0);
	});
});

describe("starting and stopping", () => {
	test("requests under way get their answers, then every connection is closed", async () => {
		const own = await serve({ routes: extra });
		const idle = raw(own.server.port, head("GET /version"), () => false, 20_000);
		const pending = own.json("/test/waits");
		await expect.poll(() => waiting.length).toBe(1);
		const stopped = own.server.stop();
		const late = await own.ask("/version").catch(() => "refused");
		expect(late === "refused" || (late as Response).status === 503).toBe(true);
		waiting.pop()?.();
		expect(await pending).toEqual({ status: 200, body: "at last" });
		await stopped;
		expect((await idle).closed).toBe(true);
		expect(own.server.requestsUnderWay).toBe(0);
	});

	test("what is not answered by the deadline is closed", async () => {
		const own = await serve({ routes: extra, stopDeadline: 50 });
		const pending = own.json("/test/waits").catch(() => "closed");
		await expect.poll(() => waiting.length).toBe(1);
		await own.server.stop();
		expect(await pending).toBe("closed");
		waiting.pop()?.();
		expect(own.lines.some((each) => each.level === "warn")).toBe(true);
	});

	test("a port that is taken fails the start, and a later start works", async () => {
		await using first = await serve();
		const { port } = first.server;
		await expect(serve({ port })).rejects.toThrow(`cannot listen on 127.0.0.1 port ${port}`);
		await first.server.stop();
		await first.server.start();
		expect((await fetch(`http://127.0.0.1:${first.server.port}/version`)).status).toBe(200);
	});

	test("a port that both say to share is served by both", async () => {
		const port = await freePort();
		await using first = await serve({ port, sharePort: true });
		await expect(serve({ port })).rejects.toThrow(`cannot listen on 127.0.0.1 port ${port}`);
		await using second = await serve({ port, sharePort: true });
		expect(second.server.port).toBe(port);
		await first.server.stop();
		expect((await fetch(`http://127.0.0.1:${port}/version`)).status).toBe(200);
	});

	test("metrics hear of every answer", async () => {
		const heard: unknown[] = [];
		await using own = await serve({ onRequest: (metrics) => heard.push(metrics) });
		await own.ask(`/1/streams/${UNKNOWN}`, { headers: { "Luna-Request-Id": given } });
		expect(heard).toEqual([
			{
				method: "GET",
				route: "/1/streams/{stream_id}",
				status: 404,
				seconds: expect.any(Number),
				requestId: given,
				errorCode: 39001,
			},
		]);
	});
});

test("the server starts and stops as every running part does", async () => {
	const nothing = () => undefined;
	const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
	const options = { host: "127.0.0.1", port: 0, prefix: "", allowedHosts: [], requestMaxSize: 1024, logger };
	await stressService(
		() =>
			new HttpServer(
				{ ...options, peers: new Peers({ trustedProxies: [], exempt: [] }), access: openAccess, clock: systemClock },
				extra,
			),
	);
});
