import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { Compile } from "typebox/compile";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import type { StreamRow } from "../../persistence/stream-row.ts";
import { bodyCheck } from "../../server/http/validation.ts";
import { readFiles } from "../../server/routes/first-page.ts";
import { fileReply, staticFile } from "../../server/routes/static-file.ts";
import { streamJson } from "../../server/routes/stream-json.ts";
import { routeTable } from "../../server/routes/table.ts";
import { writtenStream } from "../../server/routes/written-stream.ts";
import { stream, streamToWrite } from "../../server/schemas/stream.ts";
import { ownTime } from "../support/own-time.ts";
import { ACCOUNT, ID, RecordingEngine, row, smallBody, UNKNOWN } from "./recording-engine.ts";
import { feedbackItem, fullBody, groupBody } from "./sample-bodies.ts";
import { posted, type Serving, serve } from "./serve.ts";

let serving: Serving;
beforeAll(async () => {
	serving = await serve();
});
afterAll(() => serving.server.stop());

const ask = (path: string, init?: RequestInit) => serving.json(path, init);
const last = () => serving.engine.last;
const TIME = "2021-09-21T11:11:41.674Z";

describe("streams", () => {
	test("the JSON of a stream has the members of the reference page in their order", () => {
		const written = writtenStream(bodyCheck(streamToWrite).read({ ...fullBody, status: "pending" }));
		const full: StreamRow = {
			...row,
			...written,
			status: "failure",
			name: 'quotes " and \\ and \u2028 and 😀',
			current_attempt: 2,
			last_attempt_time: "2018-08-11T09:11:41.674Z",
			autorestart_status: "in_progress",
			last_error: '{"error_code":1,"desc":"d","detail":"e"}',
			video_info: '{"width":1920}',
			preview: '{"live":{"url":"http://h/"}}',
			groups: ["a", "b"],
		};
		expect(streamJson(full)).toMatchSnapshot();
		expect(Object.keys(JSON.parse(streamJson(full)))).toEqual([
			...["stream_id", "account_id", "name", "description", "data", "event_handler", "policies", "location"],
			...["autorestart", "version", "create_time", "status", "last_error", "video_info", "groups", "preview"],
		]);
		const check = Compile(stream);
		expect(check.Check(JSON.parse(streamJson(full)))).toBe(true);
		const bare = writtenStream(bodyCheck(streamToWrite).read(smallBody));
		expect(check.Check(JSON.parse(streamJson({ ...row, ...bare, status: "pending" })))).toBe(true);
	});

	test("POST gives the engine the stream with its defaults", async () => {
		expect(await ask("/1/streams", posted(smallBody))).toEqual({ status: 201, body: { stream_id: ID, version: 1 } });
		const written = last() as ReturnType<typeof writtenStream>;
		expect(written).toMatchObject({
			name: "",
			description: "",
			status: "pending",
			group_name: null,
			restart: 0,
			delay: 60,
		});
		expect(JSON.parse(written.event_handler).authorization).toEqual({ account_id: ACCOUNT });
		expect(written).toMatchObject({ data_type: "tcp", reference: "rtsp://camera" });
		expect(Object.values(JSON.parse(written.location))).toEqual([null, null, null, null, null, null]);
	});

	test("a known status that no stream begins with is 39002, an unknown word is 12022", async () => {
		for (const [path, method] of [
			["/1/streams", "POST"],
			[`/1/streams/${ID}`, "PUT"],
		] as const) {
			expect(await ask(path, posted({ ...smallBody, status: "cancel" }, method))).toEqual({
				status: 400,
				body: {
					error_code: 39002,
					desc: "Bad input data",
					detail: "'cancel' is not valid stream status; permitted: pending, pause",
				},
			});
			const { body } = await ask(path, posted({ ...smallBody, status: "stop" }, method));
			expect(body).toMatchObject({ error_code: 12022, detail: expect.stringContaining("Path: 'status'") });
		}
	});

	test("lists and counts pass their filters on", async () => {
		await ask(`/1/streams?account_id=${ACCOUNT}&stream_ids=${ID}&names=a,b&statuses=done&page=3&page_size=1000`);
		const filters = { account_id: ACCOUNT, stream_ids: [ID], names: ["a", "b"], statuses: ["done"] };
		expect(last()).toEqual({ filters, page: { page: 3, page_size: 1000 } });
		await ask("/1/streams");
		expect(last()).toEqual({ filters: {}, page: { page: 1, page_size: 10 } });
		const count = await ask(`/1/streams/count?reference=r,s&create_time__gte=${TIME}&group_name=g`);
		expect(count.body).toEqual({ streams_count: 146 });
		expect(last()).toEqual({ reference: "r,s", create_time__gte: TIME, group_name: "g" });
	});

	test("one stream is read, patched, written anew and deleted, restricted by account_id", async () => {
		expect((await ask(`/1/streams/${ID}?account_id=${ACCOUNT}`)).body).toMatchObject({ stream_id: ID, name: row.name });
		expect(last()).toEqual({ stream_id: ID, account_id: ACCOUNT });
		const patched = await serving.ask(`/1/streams/${ID}`, posted({ status: "pause" }, "PATCH"));
		expect([patched.status, await patched.text()]).toEqual([204, ""]);
		expect(last()).toEqual({ stream_id: ID, patch: { status: "pause" }, account_id: null });
		const put = await ask(`/1/streams/${ID}?account_id=${ACCOUNT}`, posted(smallBody, "PUT"));
		expect(put).toEqual({ status: 200, body: { stream_id: ID, version: 2 } });
		expect(last()).toMatchObject({ stream_id: ID, account_id: ACCOUNT });
		expect((await serving.ask(`/1/streams/${ID}`, { method: "DELETE" })).status).toBe(204);
		const { status, body } = await ask(`/1/streams/${UNKNOWN}`, { method: "DELETE" });
		expect([status, body]).toEqual([
			404,
			{ error_code: 39001, desc: "Object not found", detail: `Stream with id '${UNKNOWN}' not found` },
		]);
	});

	test("many are deleted by ids or names, never for a missing filter", async () => {
		expect((await serving.ask(`/1/streams?account_id=${ACCOUNT}`, posted({ names: ["a"] }, "DELETE"))).status).toBe(
			204,
		);
		expect(last()).toEqual({ stream_ids: [], names: ["a"], account_id: ACCOUNT });
		for (const body of [{}, { stream_ids: [] }, { names: [], stream_ids: [] }]) {
			expect(await ask("/1/streams", posted(body, "DELETE"))).toMatchObject({
				status: 400,
				body: { detail: "Failed to validate input json. Path: '', message: 'at least one field must have a value'" },
			});
		}
	});
});

describe("processing", () => {
	test("looking needs a limit and takes nothing", async () => {
		expect(await ask("/1/streams/processing/queue?names=a")).toMatchObject({
			status: 400,
			body: { error_code: 12014, detail: "Required parameters 'limit' not found" },
		});
		await ask("/1/streams/processing/queue?limit=5&group_names=g");
		expect(last()).toEqual({ filters: { group_names: ["g"] }, limit: 5 });
	});

	test("taking passes filters, limit, wait and Agent-Id on; empty lists are no filter", async () => {
		const init = posted({ filters: { stream_ids: [], names: ["a"] }, limit: 2 });
		const headers = { ...init.headers, "Agent-Id": "agent-7" };
		const { body } = await ask("/1/streams/processing/queue?wait=1.5", { ...init, headers });
		expect(body).toMatchObject({ streams: [{ stream_id: ID, status: "in_progress" }] });
		expect(last()).toMatchObject({ filters: { names: ["a"] }, limit: 2, wait: 1.5, agent_id: "agent-7" });
		expect(await ask("/1/streams/processing/queue", posted({ limit: 1 }))).toMatchObject({ status: 400 });
		expect(await ask("/1/streams/processing/queue", posted({ limit: 0, filters: {} }))).toMatchObject({ status: 400 });
	});

	test("feedback: absent stays absent, null stays null, reports go on as they came", async () => {
		const items = [
			feedbackItem,
			{ stream_id: ID, version: 2, status: "done" },
			{ stream_id: ID, version: 2, status: "not_found", error: null, video_info: null, preview: null },
		];
		const { status, body } = await ask("/1/streams/processing/feedback", posted({ streams: items }));
		expect([status, body]).toMatchObject([200, { streams: { modified: [{ version: 1 }, {}, {}], unmodified: [] } }]);
		expect(last()).toEqual({ agent_id: null, items });
		expect(await ask("/1/streams/processing/feedback", posted({ streams: [] }))).toMatchObject({ status: 200 });
	});

	test("one bad item refuses the whole body with its path", async () => {
		const calls = serving.engine.calls.length;
		const streams = [feedbackItem, { ...feedbackItem, preview: { live: { url: "../dictionary" } } }];
		expect((await ask("/1/streams/processing/feedback", posted({ streams }))).body).toEqual({
			error_code: 12022,
			desc: "Bad/incomplete input data",
			detail: "Failed to validate input json. Path: 'streams.1.preview.live.url', message: 'URL host invalid'",
		});
		expect(serving.engine.calls.length).toBe(calls);
	});
});

describe("logs", () => {
	test("targets pick members, in the order of the reference page", async () => {
		const records = async (query: string) => (await serving.ask(`/1/streams/logs${query}`)).text();
		expect(await records("")).toBe(
			`{"logs":[{"stream_id":"${ID}","log_time":"${row.create_time}","error":null,"status":"in_progress","video_info":null,"version":1,"preview":null}]}`,
		);
		expect(await records("?targets=version,status&statuses=deleted&page_size=1")).toBe(
			'{"logs":[{"status":"in_progress","version":1}]}',
		);
		expect(last()).toEqual({ filters: { statuses: ["deleted"] }, page: { page: 1, page_size: 1 } });
	});

	test("deleting needs a time", async () => {
		expect((await ask("/1/streams/logs", { method: "DELETE" })).body).toMatchObject({ error_code: 12014 });
		const answer = await ask(`/1/streams/logs?log_time__lt=${TIME}`, { method: "DELETE" });
		expect(answer).toEqual({ status: 200, body: { deleted_count: 3 } });
	});
});

describe("groups", () => {
	test("are created, listed as a bare array, counted, read, patched and deleted", async () => {
		const created = await serving.ask("/1/groups", posted(groupBody));
		expect([created.status, created.headers.get("location")]).toEqual([201, `/1/groups/${ID}`]);
		expect(await created.json()).toEqual({ group_id: ID, group_name: "group-1" });
		const { body } = await ask("/1/groups?group_names=a&page_size=2");
		expect(Object.keys((body as object[])[0] ?? {})).toEqual([
			"account_id",
			"group_name",
			"group_id",
			"description",
			"create_time",
		]);
		expect(last()).toEqual({ filters: { group_names: ["a"] }, page: { page: 1, page_size: 2 } });
		expect((await ask("/1/groups/count")).body).toEqual({ groups_count: 7 });
		expect((await ask(`/1/groups/${ID}`)).status).toBe(200);
		expect((await ask(`/1/groups/${UNKNOWN}`)).body).toMatchObject({ detail: `Group with id '${UNKNOWN}' not found` });
		expect((await serving.ask(`/1/groups/${ID}`, posted({ description: "d" }, "PATCH"))).status).toBe(204);
		expect((await serving.ask(`/1/groups/${ID}`, { method: "DELETE" })).status).toBe(204);
	});

	test("the linker is the same by POST and PATCH", async () => {
		for (const method of ["POST", "PATCH"]) {
			const link = { action: "attach", stream_ids: [ID], group_id: ID };
			expect((await serving.ask(`/1/linker?account_id=${ACCOUNT}`, posted(link, method))).status).toBe(204);
			expect(last()).toEqual({ ...link, account_id: ACCOUNT });
		}
	});
});

describe("service", () => {
	test("the version is that of the package", async () => {
		expect((await ask("/version")).body).toEqual({ Version: { api: 1, major: 2, minor: 3, patch: 4 } });
	});

	test("health is 200 with its time; Redis counts only when asked for", async () => {
		const away = async () => {
			throw new Fault(39905, { part: "redis" });
		};
		await using own = await serve({ parts: { checkNeighbours: away } });
		expect(await own.json("/healthcheck")).toEqual({ status: 200, body: { execution_time: expect.any(Number) } });
		expect((await own.json("/healthcheck?include_luna_services=0")).status).toBe(200);
		const asked = await own.ask("/healthcheck?include_luna_services=1");
		expect([asked.status, asked.headers.get("retry-after")]).toEqual([503, "1"]);
		expect(await asked.json()).toMatchObject({ error_code: 39905, detail: "redis is unavailable" });
	});

	test("health answers within a second when the database does not", async () => {
		const engine = new RecordingEngine();
		engine.checkHealth = () => new Promise(() => undefined);
		await using own = await serve({ parts: { engine } });
		const begin = ownTime();
		expect((await own.json("/healthcheck")).body).toMatchObject({ error_code: 39905 });
		expect(ownTime() - begin).toBeLessThan(1_000);
	});
});

describe("preview", () => {
	test("without a url is 39009, of a failing upstream 39010", async () => {
		expect((await ask(`/1/streams/${ID}/preview/last_frame`)).body).toEqual({
			error_code: 39009,
			desc: "Object not found",
			detail: `Not found 'last_frame' preview url for stream with id '${ID}'`,
		});
		expect(await ask(`/1/streams/${ID}/preview/live`)).toMatchObject({ status: 502, body: { error_code: 39010 } });
	});

	test("a picture carries what keeps a browser from running it", async () => {
		const bytes = Buffer.from("picture");
		const engine = new RecordingEngine();
		engine.preview = async () => ({
			status: "in_progress" as const,
			live: "http://h/",
			last_frame: "http://h/" as never,
		});
		const asked: unknown[] = [];
		const previews = {
			lastFrame: async (...about: unknown[]) => {
				asked.push(about[0], about[3]);
				return { contentType: "image/jpeg" as const, bytes };
			},
			watch: async () => {
				throw new Error("not asked for");
			},
			follow: () => () => undefined,
			forget: () => undefined,
			keep: () => undefined,
		};
		await using own = await serve({ parts: { engine, previews } });
		const response = await own.ask(`/1/streams/${ID}/preview/last_frame`);
		expect(response.headers.get("content-type")).toBe("image/jpeg");
		expect(response.headers.get("x-content-type-options")).toBe("nosniff");
		expect(response.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
		expect(await response.text()).toBe("picture");
		// For the log of the relay, and for whose share it takes.
		const asker = { requestId: response.headers.get("luna-request-id"), owner: "address 127.0.0.1" };
		expect(asked).toEqual([ID, asker]);
	});
});

describe("the first page", () => {
	test.each([
		["gzip, deflate, br, zstd", "br", "smallest"],
		["gzip, deflate", "gzip", "smaller"],
		["*", "br", "smallest"],
		["br;q=0, gzip", "gzip", "smaller"],
		["identity, br;q=0.5", null, "console.log(1)"],
		["deflate", null, "console.log(1)"],
	])("goes out as it was compressed when it was built: %s", async (accept, encoding, body) => {
		const file = staticFile("assets/index-1a2b.js", "console.log(1)", {
			br: Buffer.from("smallest"),
			gzip: Buffer.from("smaller"),
		});
		const asked = (etag = "") =>
			fileReply(file, { header: (name) => ({ "accept-encoding": accept, "if-none-match": etag })[name] ?? "" });
		const reply = asked();
		expect(reply.kind === "bytes" && Buffer.from(reply.bytes).toString()).toBe(body);
		expect(reply.headers?.["Content-Encoding"] ?? null).toBe(encoding);
		expect(reply.headers).toMatchObject({
			Vary: "Accept-Encoding",
			"Cache-Control": "public, max-age=31536000, immutable",
		});
		// A copy has an ETag of its own: a cache must not take one for the other.
		expect(reply.headers?.["ETag"] === file.etag).toBe(encoding === null);
		expect(asked(reply.headers?.["ETag"])).toMatchObject({ kind: "empty", status: 304 });
	});

	test("allows nothing that does not come from the service itself", () => {
		const { headers } = fileReply(staticFile("index.html", "<!doctype html>"), { header: () => "" });
		const policy = new Map(
			headers?.["Content-Security-Policy"]?.split("; ").map((each) => {
				const [name = "", ...sources] = each.split(" ");
				return [name, sources.join(" ")] as const;
			}),
		);
		expect(Object.fromEntries(policy)).toEqual({
			"default-src": "'none'",
			"script-src": "'self'",
			"style-src": "'self'",
			"img-src": "'self' data: blob:",
			"font-src": "'self'",
			"connect-src": "'self'",
			"manifest-src": "'self'",
			"base-uri": "'none'",
			"form-action": "'none'",
			"frame-ancestors": "'none'",
		});
	});

	test("is served from the files of a folder, with types, a policy and an ETag", async () => {
		const folder = await mkdtemp(join(tmpdir(), "first-page-"));
		try {
			await mkdir(join(folder, "assets"));
			await writeFile(join(folder, "index.html"), "<!doctype html>");
			await writeFile(join(folder, "assets", "index-1a2b.js"), "export {}");
			await writeFile(join(folder, "assets", "index-1a2b.js.br"), brotliCompressSync("export {}"));
			await writeFile(join(folder, "secret.pem"), "not of a known type");
			await symlink("/etc/hostname", join(folder, "link.txt"));
			const files = await readFiles(folder);
			expect(files.map((each) => each.path)).toEqual(["assets/index-1a2b.js", "index.html"]);
			await using own = await serve({ parts: { files }, prefix: "/6/luna-streams" });
			const page = await own.ask("/");
			expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
			expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
			expect(page.headers.get("x-content-type-options")).toBe("nosniff");
			expect(await page.text()).toBe("<!doctype html>");
			const etag = page.headers.get("etag") ?? "";
			for (const had of [etag, `W/${etag}`, `"other", ${etag}`, "*"])
				expect((await own.ask("/", { headers: { "If-None-Match": had } })).status, had).toBe(304);
			expect((await own.ask("/", { headers: { "If-None-Match": '"other"' } })).status).toBe(200);
			expect((await own.ask("/6/luna-streams/")).status).toBe(200);
			const script = await own.ask("/assets/index-1a2b.js", { headers: { "Accept-Encoding": "br" } });
			expect(script.headers.get("cache-control")).toContain("immutable");
			expect(script.headers.get("content-encoding")).toBe("br");
			expect(await script.text()).toBe("export {}");
			for (const path of [
				"/assets/index-1a2b.js.br",
				"/secret.pem",
				"/link.txt",
				"/assets/",
				"/assets/..%2findex.html",
				"/%2e%2e/etc/passwd",
			]) {
				expect((await own.ask(path)).status).toBe(404);
			}
		} finally {
			await rm(folder, { recursive: true });
		}
	});
});

test("the table holds every route of the contract's section 2 that this layer serves, each with its own answers", () => {
	const parts = {
		engine: new RecordingEngine(),
		previews: undefined as never,
		version: "1.2.3",
		clock: undefined as never,
		checkNeighbours: async () => undefined,
		files: [],
	};
	const table = routeTable(parts);
	expect(table.map((each) => `${each.method} ${each.pattern}`).sort()).toEqual([
		"DELETE /1/groups/{group_id}",
		"DELETE /1/streams",
		"DELETE /1/streams/logs",
		"DELETE /1/streams/{stream_id}",
		"GET /1/groups",
		"GET /1/groups/count",
		"GET /1/groups/{group_id}",
		"GET /1/streams",
		"GET /1/streams/count",
		"GET /1/streams/logs",
		"GET /1/streams/processing/queue",
		"GET /1/streams/{stream_id}",
		"GET /1/streams/{stream_id}/preview/last_frame",
		"GET /1/streams/{stream_id}/preview/live",
		"GET /healthcheck",
		"GET /version",
		"PATCH /1/groups/{group_id}",
		"PATCH /1/linker",
		"PATCH /1/streams/{stream_id}",
		"POST /1/groups",
		"POST /1/linker",
		"POST /1/streams",
		"POST /1/streams/processing/feedback",
		"POST /1/streams/processing/queue",
		"PUT /1/streams/{stream_id}",
	]);
	for (const each of table) {
		expect(each.answers.length).toBeGreaterThan(0);
		expect(each.faults.includes(12022)).toBe(each.body !== undefined);
	}
});
