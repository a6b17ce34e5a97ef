import { decode } from "@msgpack/msgpack";
import { describe, expect, test } from "vitest";
import { expectInvalid, faults, said } from "./faults.ts";
import { openTarget, TIME, UNKNOWN, UUID } from "./target.ts";

const target = await openTarget();
const { api } = target;
const ownId = "1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a";

/** Each path of the contract's section 2 with its verbs; HEAD comes with GET. */
const paths: readonly [path: string, ...verbs: string[]][] = [
	["/version", "GET"],
	["/1/streams", "POST", "GET", "DELETE"],
	["/1/streams/count", "GET"],
	[`/1/streams/${UNKNOWN}`, "GET", "PATCH", "PUT", "DELETE"],
	["/1/streams/processing/queue", "GET", "POST"],
	["/1/streams/processing/feedback", "POST"],
	[`/1/streams/${UNKNOWN}/preview/last_frame`, "GET"],
	[`/1/streams/${UNKNOWN}/preview/live`, "GET"],
	["/1/streams/logs", "GET", "DELETE"],
	["/1/groups", "POST", "GET"],
	["/1/groups/count", "GET"],
	[`/1/groups/${UNKNOWN}`, "GET", "PATCH", "DELETE"],
	["/1/linker", "POST", "PATCH"],
	["/docs/spec", "GET"],
	["/docs/dev", "GET"],
	["/config", "GET"],
	["/plugins", "GET"],
	["/healthcheck", "GET"],
	["/", "GET"],
];
const withMetrics = target.config.LUNA_SERVICE_METRICS.ENABLED === 1 ? [...paths, ["/metrics", "GET"] as const] : paths;
const bodied = /^(POST \/1\/|PUT \/1\/streams\/|PATCH \/1\/|DELETE \/1\/streams$)/;

describe("verbs", () => {
	test("a known route with another verb is 405/12021 with Allow", async () => {
		for (const [path, ...verbs] of withMetrics) {
			for (const verb of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((each) => !verbs.includes(each))) {
				const answer = await api.ask(verb, path, verb === "GET" ? {} : { body: {} });
				expect(said(answer), `${verb} ${path}`).toEqual(faults.badVerb);
				expect(words(answer.headers.allow), path).toEqual(expect.arrayContaining(verbs));
			}
		}
	});
	test("OPTIONS tells the verbs", async () => {
		for (const [path, ...verbs] of withMetrics) {
			const answer = await api.ask("OPTIONS", path);
			expect(answer.status, path).toBe(204);
			const head = verbs.includes("GET") ? ["HEAD"] : [];
			expect(words(answer.headers.allow), path).toEqual([...verbs, ...head, "OPTIONS"].sort());
		}
	});
	test("HEAD is GET without its body", async () => {
		const id = await target.create();
		const [query, unknown] = [`account_id=${target.account}`, `/1/streams/${UNKNOWN}`];
		for (const path of [
			"/version",
			`/1/streams?${query}`,
			`/1/streams/${id}`,
			`/1/streams/count?${query}`,
			`/1/streams/processing/queue?limit=1&stream_ids=${id}`,
			`/1/streams/logs?stream_ids=${id}`,
			`/1/groups?${query}`,
			`/1/groups/count?${query}`,
			`/1/groups/${UNKNOWN}`,
			"/config",
			"/plugins",
			"/docs/spec",
			"/docs/dev",
			"/",
			"/nowhere",
			unknown,
			"/1/streams?page=0",
			"/1/streams/processing/queue",
		]) {
			const [head, get] = [await api.ask("HEAD", path), await api.get(path)];
			expect(head.status, path).toBe(get.status);
			expect(head.headers["content-type"], path).toBe(get.headers["content-type"]);
			// A redirect has no length, with or without a body that has none.
			expect(Number(head.headers["content-length"] ?? 0), path).toBe(get.bytes.length);
		}
		const queue = "/1/streams/processing/feedback";
		expect((await api.ask("HEAD", queue)).status).toBe(405);
	});
	test("CORS is off", async () => {
		const headers = { Origin: "https://console.example", "Access-Control-Request-Method": "POST" };
		for (const verb of ["GET", "OPTIONS"]) {
			const answer = await api.ask(verb, "/version", { headers });
			expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
		}
	});
});

describe("unknown routes", () => {
	test("are 404/12013 whatever the verb, and so are path ids that are not lower-case uuids", async () => {
		const id = await target.create();
		const unknown = [
			"/nowhere",
			"/1",
			"/2/streams",
			"/1/streams/",
			"/1/stream",
			"/1/streams/none",
			`/1/streams/${id.toUpperCase().replace(/^./, "A")}`,
			`/1/streams/${id}/`,
			`/1/streams/${id}x`,
			`/1/streams/${id.slice(1)}`,
			`/1/streams/${id}/preview`,
			`/1/streams/${id}/preview/other`,
			`/1/streams/%${id.charCodeAt(0).toString(16)}${id.slice(1)}`,
			"/1/streams/processing",
			"/1/groups/none",
			"//version",
			"/1/streams/logs/1",
		];
		for (const path of unknown) {
			expect(said(await api.get(path)), path).toEqual(faults.noPage);
			expect(said(await api.ask("POST", path, { body: {} })), path).toEqual(faults.noPage);
		}
	});
});

describe("Host", () => {
	test("of a name that is not the service's is 403/39903, before anything else", async () => {
		for (const path of ["/version", "/nowhere"]) {
			const answer = await api.get(path, { Host: `${target.mark}.example` });
			expect(said(answer)).toEqual({
				status: 403,
				body: { error_code: 39903, desc: "Forbidden", detail: expect.stringMatching(/.+/) },
			});
		}
	});
	test("is loopback, with any port", async () => {
		for (const Host of ["localhost", "127.0.0.1:1", "[::1]:80", "LOCALHOST:5160"])
			expect((await api.get("/version", { Host })).status, Host).toBe(200);
	});
});

describe("Luna-Request-Id", () => {
	const questions = [
		["GET", "/version", 200],
		["GET", "/nowhere", 404],
		["PUT", "/version", 405],
		["HEAD", "/version", 200],
		["OPTIONS", "/1/streams", 204],
		["GET", `/1/streams/${UNKNOWN}`, 404],
		["GET", "/1/streams?page=0", 400],
		["POST", "/1/streams", 415],
		["DELETE", `/1/groups/${UNKNOWN}`, 404],
	] as const;
	test("is echoed on every answer, errors included, when it has the form", async () => {
		for (const [verb, path, status] of questions) {
			const answer = await api.ask(verb, path, { headers: { "Luna-Request-Id": ownId } });
			expect(answer.status, path).toBe(status);
			expect(answer.headers["luna-request-id"], `${verb} ${path}`).toBe(ownId);
		}
	});
	test("is replaced by one of now and a uuid4 when it has not", async () => {
		const bad = [
			"",
			"1",
			`${ownId}0`,
			ownId.slice(1),
			ownId.toUpperCase(),
			ownId.replace(",", ";"),
			` ${ownId.slice(1)}`,
		];
		for (const given of bad) {
			const answer = await api.get("/version", { "Luna-Request-Id": given });
			const [seconds = "", uuid = ""] = String(answer.headers["luna-request-id"]).split(",");
			expect(Math.abs(Number(seconds) - Date.now() / 1000), given).toBeLessThan(120);
			expect(uuid, given).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		}
	});
	test("is another one for every request", async () => {
		const answers = await Promise.all(Array.from({ length: 20 }, () => api.get("/version")));
		expect(new Set(answers.map(({ headers }) => headers["luna-request-id"])).size).toBe(20);
	});
});

describe("bodies", () => {
	test("of another content type are 415/12023", async () => {
		const types = ["text/plain", "application/x-www-form-urlencoded", "application/msgpack", "application/jsonx", ""];
		for (const [path, ...verbs] of paths)
			for (const verb of verbs.filter((each) => bodied.test(`${each} ${path}`)))
				for (const type of types) {
					const answer = await api.ask(verb, path, { body: {}, headers: { "Content-Type": type } });
					expect(said(answer), `${verb} ${path} ${type}`).toEqual(faults.badType);
				}
	});
	test("may name their charset, UTF-8", async () => {
		for (const type of ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"]) {
			const answer = await api.ask("POST", "/1/streams/processing/feedback", {
				body: { streams: [] },
				headers: { "Content-Type": type },
			});
			expect(answer.status, type).toBe(200);
		}
	});
	test("that are not JSON are 400/12027", async () => {
		const bad = [
			"",
			"{",
			"nonsense",
			'{"limit": 1,}',
			"{'limit': 1}",
			'{"limit": NaN}',
			'"\ud800'.slice(0, 1),
			"\ufeff{}",
		];
		for (const text of [...bad.map((each) => Buffer.from(each)), Buffer.from([0x7b, 0xff, 0x7d])]) {
			const answer = await api.ask("POST", "/1/streams/processing/queue", { body: text });
			expect(said(answer), String(text)).toEqual({
				status: 400,
				body: {
					error_code: 12027,
					desc: "Bad/incomplete input data",
					detail: expect.stringMatching(/^Failed to validate input json\. Message: .+$/),
				},
			});
		}
	});
	test("above the limit are 413/39901, and at the limit they are read", async () => {
		const limit = target.config.LUNA_STREAMS_HTTP_SETTINGS.REQUEST_MAX_SIZE;
		const padded = (size: number) => Buffer.from('{"streams":[]}'.padEnd(size));
		expect((await api.ask("POST", "/1/streams/processing/feedback", { body: padded(limit) })).status).toBe(200);
		const answer = await api.ask("POST", "/1/streams/processing/feedback", { body: padded(limit + 1) });
		expect(said(answer)).toEqual(faults.tooLarge(limit));
		const headers = { "Transfer-Encoding": "chunked" };
		const unmeasured = await api.ask("POST", "/1/streams/processing/feedback", { body: padded(limit + 1), headers });
		expect(said(unmeasured)).toEqual(faults.tooLarge(limit));
	});
	test("are checked after route and verb, before the query and the object", async () => {
		const bad = `/1/streams/${UNKNOWN}?account_id=none`;
		const json = (text: string) => ({ body: Buffer.from(text) });
		const plain = { headers: { "Content-Type": "text/plain" } };
		expect(said(await api.ask("PATCH", "/1/streams/none?account_id=none", json("{")))).toEqual(faults.noPage);
		expect(said(await api.ask("POST", bad, { ...json("{"), ...plain }))).toEqual(faults.badVerb);
		const limit = target.config.LUNA_STREAMS_HTTP_SETTINGS.REQUEST_MAX_SIZE;
		const large = { body: Buffer.alloc(limit + 1, "x"), ...plain };
		expect(said(await api.ask("PATCH", bad, large))).toEqual(faults.tooLarge(limit));
		expect(said(await api.ask("PATCH", bad, { ...json("{"), ...plain }))).toEqual(faults.badType);
		expect((await api.ask<{ error_code: number }>("PATCH", bad, json("{"))).body.error_code).toBe(12027);
		expect(said(await api.patch(bad, { other: 1 }))).toEqual(faults.unexpected("other"));
		expect(said(await api.patch(bad, {}))).toEqual(faults.nothingGiven);
		expect(said(await api.put(bad, target.body({ status: "done" })))).toEqual(faults.badStatus("done"));
		expect(said(await api.patch(bad, { status: "pause" }))).toEqual(faults.badQuery("account_id"));
		expect(said(await api.put(bad, target.body({ group_name: target.name() })))).toEqual(faults.badQuery("account_id"));
		expect(said(await api.patch(`/1/streams/${UNKNOWN}`, { status: "pause" }))).toEqual(faults.noStream(UNKNOWN));
	});
	test("are not looked at where none is taken", async () => {
		expect((await api.ask("DELETE", `/1/streams/${UNKNOWN}`, { body: Buffer.from("{") })).status).toBe(404);
	});
	test("name their first failing member in document order", async () => {
		const { data, event_handler } = target.body();
		const nameFirst = await api.post("/1/streams", { name: 1, account_id: 2, data, event_handler });
		expectInvalid(nameFirst, "name");
		const accountFirst = await api.post("/1/streams", { account_id: 2, name: 1, data, event_handler });
		expectInvalid(accountFirst, "account_id");
	});
});

describe("queries", () => {
	test("unknown parameters are ignored", async () => {
		const id = await target.create();
		for (const path of ["/version", `/1/streams/${id}`, "/1/groups", "/1/streams/count", "/healthcheck"])
			expect((await api.get(`${path}?nonsense=1&%zz=%&page_siz=x&=&&`)).status, path).toBe(200);
	});
	test("a known one with a bad value is 400/12012 with its name", async () => {
		const single = { account_id: ["", "none", UNKNOWN.toUpperCase().replace("0", "A")] };
		const page = { page: ["", "0", "-1", "x", "1.5", "2147483648"], page_size: ["0", "1001", "ten", "-1", "1e2"] };
		const ids = ["", "none", `${UNKNOWN},`, `,${UNKNOWN}`, `${UNKNOWN},none`, `${UNKNOWN};${UNKNOWN}`];
		const times = ["", "now", "2021-09-21", "2021-09-21T11:11:41", "2021-13-21T11:11:41Z", "1632222701"];
		const statuses = ["", "PENDING", "pending,", "pending,none", "deleted"];
		const groupName = ["", "a b", "a".repeat(129), "a,b", "ü"];
		const names = ["x".repeat(129), `a,${"x".repeat(129)}`, "%00", "%ff", "%"];
		const streamFilters = {
			...single,
			stream_ids: ids,
			names,
			reference: ["", "x".repeat(513), "%00"],
			statuses,
			create_time__gte: times,
			create_time__lt: times,
			group_name: groupName,
		};
		const groupFilters = { ...single, group_ids: ids, group_names: ["", "a,"] };
		const cases: [verb: string, path: string, parameters: Record<string, readonly string[]>, also?: string][] = [
			["GET", "/1/streams", { ...streamFilters, ...page }],
			["GET", "/1/streams/count", streamFilters],
			["GET", "/1/groups", { ...groupFilters, ...page }],
			["GET", "/1/groups/count", groupFilters],
			[
				"GET",
				"/1/streams/processing/queue",
				{
					limit: ["", "0", "-1", "x", "1.5", "2147483648"],
					stream_ids: ids,
					names,
					group_ids: ids,
					group_names: ["", "a,"],
				},
				"limit=1",
			],
			[
				"GET",
				"/1/streams/logs",
				{
					...single,
					...page,
					stream_ids: ids,
					statuses: ["", "PENDING", "pending,none"],
					targets: ["", "none", "status,"],
					log_time__gte: times,
					log_time__lt: times,
				},
			],
			["DELETE", "/1/streams/logs", { log_time__lt: times }],
			["GET", `/1/streams/${UNKNOWN}`, single],
			["DELETE", `/1/streams/${UNKNOWN}`, single],
			["GET", `/1/groups/${UNKNOWN}`, single],
			["DELETE", `/1/groups/${UNKNOWN}`, single],
			["GET", "/healthcheck", { include_luna_services: ["", "2", "-1", "yes"] }],
		];
		for (const [verb, path, parameters, also = ""] of cases)
			for (const [name, values] of Object.entries(parameters))
				for (const value of values) {
					const rest = name === also.split("=")[0] ? "" : `&${also}`;
					const answer = await api.ask(verb, `${path}?${name}=${encode(value)}${rest}`);
					expect(said(answer), `${verb} ${path} ${name}=${value}`).toEqual(faults.badQuery(name));
				}
	});
	test("the first bad one in the order of the query is named, however it is bad", async () => {
		const cases: [query: string, name: string][] = [
			["page=0&page_size=0", "page"],
			["page_size=0&page=0", "page_size"],
			["page=0&names=%ff", "page"],
			["names=%ff&page=0", "names"],
			["nonsense=%&account_id=none&stream_ids=none", "account_id"],
		];
		for (const [query, name] of cases)
			expect(said(await api.get(`/1/streams?${query}`)), query).toEqual(faults.badQuery(name));
	});
	test("a missing required one is 400/12014 with its name", async () => {
		expect(said(await api.get("/1/streams/processing/queue"))).toEqual(faults.missing("limit"));
		expect(said(await api.get("/1/streams/processing/queue?names=a"))).toEqual(faults.missing("limit"));
		expect(said(await api.delete("/1/streams/logs"))).toEqual(faults.missing("log_time__lt"));
		expect(said(await api.delete("/1/streams/logs?log_time__gte=2021-09-21T11:11:41Z"))).toEqual(
			faults.missing("log_time__lt"),
		);
	});
	test("lists are decoded first and then split, and grow with each repetition", async () => {
		const [a, b, c] = [await target.create(), await target.create(), await target.create()];
		const listed = async (query: string) => (await target.list(query)).map(({ stream_id }) => stream_id);
		expect(await listed(`stream_ids=${a},${b}`)).toEqual([a, b]);
		expect(await listed(`stream_ids=${a}%2C${b}`)).toEqual([a, b]);
		expect(await listed(`stream_ids=${c}&stream_ids=${a},${b}`)).toEqual([a, b, c]);
		expect(await listed(`stream%5Fids=${c}`)).toEqual([c]);
	});
	test("an empty value of names is the empty name, and a blank may be written +", async () => {
		const unnamed = await target.create({ name: "" });
		const spaced = await target.create({ name: `${target.mark} a b` });
		const listed = async (query: string) =>
			(await target.list(`account_id=${target.account}&${query}`)).map(({ stream_id }) => stream_id);
		expect(await listed("names=")).toEqual([unnamed]);
		expect(await listed(`names=,${target.mark}+a+b`)).toEqual([unnamed, spaced]);
		expect(await listed(`names=${target.mark}%20a%20b`)).toEqual([spaced]);
	});
	test("times may have any offset, and an unescaped + is one", async () => {
		const id = await target.create();
		const { create_time } = await target.stream(id);
		const moved = new Date(Date.parse(create_time) + 5.5 * 3_600_000).toISOString().replace("Z", "");
		for (const time of [create_time, `${moved}+05:30`, `${moved}%2B05:30`, create_time.toLowerCase()]) {
			expect(await target.count(`stream_ids=${id}&create_time__gte=${time}`), time).toBe(1);
			expect(await target.count(`stream_ids=${id}&create_time__lt=${time}`), time).toBe(0);
		}
	});
	test("of 4,096 bytes, headers included, are served", async () => {
		const ids = Array.from({ length: 90 }, () => crypto.randomUUID()).join(",");
		expect(await target.count(`stream_ids=${ids}`)).toBe(0);
	});
});

describe("answers", () => {
	test("are JSON in UTF-8, times are UTC to the millisecond", async () => {
		const name = `${target.mark} Ünïcode 日本 🎥`;
		const id = await target.create({ name });
		const answer = await api.get<{ name: string; create_time: string; stream_id: string }>(`/1/streams/${id}`);
		expect(answer.headers["content-type"]).toMatch(/^application\/json(; ?charset=utf-8)?$/i);
		expect(answer.body.name).toBe(name);
		expect(answer.body.create_time).toMatch(TIME);
		expect(answer.body.stream_id).toMatch(UUID);
		expect(Math.abs(Date.parse(answer.body.create_time) - Date.now())).toBeLessThan(3_600_000);
	});
	test("any JSON answer is MessagePack when Accept asks for it, errors too", async () => {
		const id = await target.create();
		const { group_id } = await target.createGroup();
		const questions = [
			"/version",
			`/1/streams/${id}`,
			`/1/streams?stream_ids=${id}`,
			`/1/streams/count?stream_ids=${id}`,
			`/1/streams/processing/queue?limit=1&stream_ids=${id}`,
			`/1/streams/logs?stream_ids=${id}`,
			`/1/groups?group_ids=${group_id}`,
			`/1/groups/count?group_ids=${group_id}`,
			`/1/groups/${group_id}`,
			"/config",
			"/plugins",
			`/1/streams/${UNKNOWN}`,
			"/nowhere",
			"/1/streams?page=0",
		];
		for (const path of questions) {
			const [json, packed] = [await api.get(path), await api.get(path, { Accept: "application/msgpack" })];
			expect(packed.headers["content-type"], path).toBe("application/msgpack");
			expect(packed.status, path).toBe(json.status);
			expect(decode(packed.bytes), path).toEqual(json.body);
		}
		const created = await api.post<{ stream_id: string }>("/1/streams", target.body(), {
			Accept: "application/msgpack",
		});
		target.owns(created.body.stream_id);
		expect([created.status, created.body]).toEqual([201, { stream_id: expect.stringMatching(UUID), version: 1 }]);
		const packed = { Accept: "application/msgpack" };
		const bodies: [verb: string, path: string, body: unknown, status: number][] = [
			["PUT", `/1/streams/${id}`, target.body(), 200],
			["POST", "/1/streams/processing/queue", { filters: { stream_ids: [id] }, limit: 1 }, 200],
			["POST", "/1/streams/processing/feedback", { streams: [] }, 200],
			["POST", "/1/streams/processing/feedback", {}, 400],
			["PATCH", `/1/streams/${id}`, {}, 400],
			["PATCH", "/1/linker", {}, 400],
			["DELETE", "/1/streams", {}, 400],
			["DELETE", "/1/streams/logs?log_time__lt=1970-01-01T00:00:00Z", undefined, 200],
			["PUT", "/version", {}, 405],
		];
		for (const [verb, path, body, status] of bodies) {
			const answer = await api.ask(verb, path, { body, headers: packed });
			expect([answer.status, answer.headers["content-type"]], `${verb} ${path}`).toEqual([
				status,
				"application/msgpack",
			]);
		}
	});
	test("Accept is negotiated by q-value, and anything else than MessagePack means JSON", async () => {
		const typeOf = async (Accept: string) => (await api.get("/version", { Accept })).headers["content-type"];
		for (const accept of ["application/msgpack;q=0.9, application/json;q=0.1", "application/msgpack, */*;q=0.1"])
			expect(await typeOf(accept), accept).toBe("application/msgpack");
		for (const accept of [
			"application/json",
			"*/*",
			"text/html",
			"application/*",
			"",
			"application/json, application/msgpack;q=0.5",
			"application/msgpack;q=0",
		])
			expect(await typeOf(accept), accept).toMatch(/^application\/json/);
	});
});

function encode(value: string): string {
	return value.startsWith("%") ? value : encodeURIComponent(value).replaceAll("%2C", ",");
}

function words(list = ""): string[] {
	return list.split(/, */).sort();
}
