import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openSocket } from "../support/bare-socket.ts";
import { head, raw } from "./raw-client.ts";
import { ID, smallBody, UNKNOWN } from "./recording-engine.ts";
import { posted, type Serving, serve } from "./serve.ts";

const limit = 65_536;
let serving: Serving;
let port = 0;
beforeAll(async () => {
	serving = await serve({ requestMaxSize: limit });
	port = serving.server.port;
});
afterAll(() => serving.server.stop());
afterEach(async () => {
	// After each: the server still answers, and nothing is left under way.
	expect((await serving.ask("/version")).status).toBe(200);
	await expect.poll(() => serving.server.requestsUnderWay).toBe(0);
});

const json = { "Content-Type": "application/json" };
const whole = (text: string) => text.trimEnd().endsWith("}");
async function code(bytes: string | Uint8Array): Promise<number | string> {
	const { text, closed } = await raw(port, bytes, whole);
	const [, found] = /"error_code":(\d+)/.exec(text) ?? [];
	return found === undefined ? (closed ? "closed" : text) : Number(found);
}
const body = (text: string, headers: Record<string, string> = json) =>
	head("POST /1/streams", { ...headers, "Content-Length": String(Buffer.byteLength(text)) }) + text;

describe("bodies", () => {
	test("of the wrong content type are 415/12023, with the allowed ones", async () => {
		for (const type of [
			"text/plain",
			"application/msgpack",
			"application/json; charset=latin1",
			"application/jsonx",
			"json",
		]) {
			expect(await code(body("{}", { "Content-Type": type }))).toBe(12023);
		}
		expect(await code(body("{}", {}))).toBe(12023);
		const { body: answer } = await serving.json("/1/streams", { method: "POST", body: "{}" });
		expect(answer).toMatchObject({ detail: "Content type is unacceptable, allowed types: 'application/json'" });
		for (const type of [
			"application/json;charset=utf-8",
			"Application/JSON; Charset=UTF-8",
			'application/json; charset="utf-8"',
		]) {
			expect(await code(body("{}", { "Content-Type": type }))).toBe(12022);
		}
	});

	test("that are not JSON are 400/12027", async () => {
		for (const text of ["", "{", "nul", "{'a':1}", '{"a":1}x', "[1,]", "\ufeff{}", '"\n"', "NaN"]) {
			expect(await code(body(text))).toBe(12027);
		}
	});

	test("that are not UTF-8 are 400/12027", async () => {
		for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
			const text = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
			const start = head("POST /1/streams", { ...json, "Content-Length": String(text.length) });
			expect(await code(Buffer.concat([Buffer.from(start), text]))).toBe(12027);
		}
	});

	test("of the wrong shape are 400/12022", async () => {
		const deep = 30_000;
		for (const text of [
			"null",
			"[]",
			"1",
			'"x"',
			"{}",
			'{"account_id":1}',
			'{"__proto__":{}}',
			`{"limit":1e999}`,
			"[".repeat(deep) + "]".repeat(deep),
			`{"data":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
		]) {
			expect(await code(body(text))).toBe(12022);
		}
	});

	test("may come in chunks and in drips", async () => {
		const text = JSON.stringify(smallBody);
		const chunks = [...text].map((each) => `1\r\n${each}\r\n`).join("");
		const start = head("POST /1/streams", { ...json, "Transfer-Encoding": "chunked" });
		const { text: answer } = await raw(port, `${start}${chunks}0\r\n\r\n`, whole);
		expect(answer).toContain("201 Created");
	});

	test("above the limit by their length are 413/39901 before they arrive", async () => {
		const start = head("POST /1/streams", { ...json, "Content-Length": String(64 * 1_048_576) });
		const { text } = await raw(port, start, whole);
		expect(text).toContain("413 Payload Too Large");
		expect(text).toContain(`Request body is larger than ${limit} bytes`);
	});

	test("above the limit by what arrives are 413/39901 while they arrive", async () => {
		const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;
		const start = head("POST /1/streams", { ...json, "Transfer-Encoding": "chunked" });
		expect(await code(start + chunk.repeat(17))).toBe(39901);
		expect(await code(body(" ".repeat(limit)))).toBe(12027);
		expect(await code(body(" ".repeat(limit + 1)))).toBe(39901);
	});

	test("of 64 MB are refused, cost no memory to speak of, and other connections are served meanwhile", async () => {
		const before = process.memoryUsage().rss;
		const chunk = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(65_536, 0x20), Buffer.from("\r\n")]);
		const socket = openSocket(port);
		let answer = "";
		socket.on("data", (data) => {
			answer += data;
		});
		socket.write(head("POST /1/streams", { ...json, "Transfer-Encoding": "chunked" }));
		for (let sent = 0; sent < 1024; sent++) {
			if (!socket.write(chunk)) await once(socket, "drain");
			if (sent % 256 === 0) expect((await serving.ask("/version")).status).toBe(200);
		}
		await expect.poll(() => answer).toContain("39901");
		socket.destroy();
		expect(process.memoryUsage().rss - before).toBeLessThan(32 * 1_048_576);
	});

	test("of 64 MB get their answer to a client that sends them whole", async () => {
		const text = Buffer.alloc(64 * 1_048_576, 0x20);
		const response = await serving.json("/1/streams", { method: "POST", headers: json, body: text });
		expect(response).toMatchObject({ status: 413, body: { error_code: 39901 } });
	});

	test("that are cut off end nothing", async () => {
		for (const sent of ["", '{"account', " ".repeat(1000)]) {
			const socket = openSocket(port);
			socket.on("error", () => undefined);
			socket.write(head("POST /1/streams", { ...json, "Content-Length": "5000" }) + sent);
			await expect.poll(() => serving.server.requestsUnderWay).toBe(1);
			socket.destroy();
			await expect.poll(() => serving.server.requestsUnderWay).toBe(0);
		}
	});

	test("of a request that is answered without them are passed over", async () => {
		const two = `${head("POST /nope", { "Content-Length": "5" })}hello${head("GET /version")}`;
		const { text } = await raw(port, two, (each) => each.includes("Version"));
		expect(text).toContain("404 Not Found");
		expect(text).toContain("200 OK");
	});
});

describe("requests", () => {
	test("that are broken bytes are dropped", async () => {
		for (const bytes of [
			"garbage\r\n\r\n",
			Uint8Array.from([0, 1, 2, 255, 254, 13, 10, 13, 10]),
			"GET\r\n\r\n",
			"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
			"GET /version HTTP/1.1\r\n\r\n",
			"GET /version HTTP/1.1\r\nHost : x\r\n\r\n",
			head("BREW /version"),
			head("POST /1/streams", { ...json, "Content-Length": "-1" }),
			head("POST /1/streams", { ...json, "Content-Length": "5", "Transfer-Encoding": "chunked" }),
			`${head("POST /1/streams", { ...json, "Transfer-Encoding": "chunked" })}zz\r\n`,
		]) {
			const { text } = await raw(port, bytes, undefined, 150);
			expect(text).not.toContain("200 OK");
		}
	});

	test("with ids that are unknown or none are 404", async () => {
		expect(await code(head(`GET /1/streams/${UNKNOWN}`))).toBe(39001);
		expect(await code(head("GET /1/streams/..%2f..%2fetc"))).toBe(12013);
		expect(await code(head(`GET /1/streams/${ID}%00`))).toBe(12013);
		expect(await code(head("GET /1/streams/\xff\xfe"))).toBe(12013);
	});

	test("that are pipelined are answered in order, or their connection is closed", async () => {
		const three = head("GET /version") + head("GET /nope") + head("GET /version");
		const { text } = await raw(port, three, (each) => each.split("HTTP/1.1").length === 4);
		expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 404", "HTTP/1.1 200"]);
		const mixed = body(JSON.stringify(smallBody)) + head(`GET /1/streams/${ID}`) + body(JSON.stringify(smallBody));
		await raw(port, mixed, undefined, 200);
	});

	test("with a head of 4,096 bytes are served", async () => {
		const path = "GET /1/streams/count?stream_ids=";
		const ids = `${ID},`.repeat(90).slice(0, -1);
		const bare = head(path + ids, { Accept: "*/*" });
		const padded = head(path + ids, { Accept: "*/*", "X-Padding": "x".repeat(4096 - bare.length - 13) });
		expect(padded.length).toBe(4096);
		const { text } = await raw(port, padded, whole);
		expect(text).toContain("streams_count");
	});

	test("with values that would break a header are answered", async () => {
		for (const headers of [{ "Luna-Request-Id": "a\tb" }, { Accept: "\xff, ;q=" }, { "Agent-Id": "ü" }]) {
			const { text } = await raw(port, head("GET /version", headers), whole);
			expect(text).toContain("200 OK");
		}
	});

	test("with a bad Agent-Id are 12012 'Agent-Id'", async () => {
		for (const agent of ["a b", "x".repeat(129), "aüb"]) {
			const init = posted({ streams: [] });
			const headers = { ...json, "Agent-Id": agent };
			const { body: answer } = await serving.json("/1/streams/processing/feedback", { ...init, headers });
			expect(answer).toMatchObject({ error_code: 12012, detail: "Bad query parameters 'Agent-Id'" });
		}
	});

	test("of many broken clients at once leave the others alone", async () => {
		const junk = Array.from({ length: 50 }, (_, at) => raw(port, `${"x".repeat(at * 7)}\r\n\r\n`, undefined, 100));
		const good = Array.from({ length: 50 }, () => serving.ask(`/1/streams/${ID}`).then((each) => each.status));
		expect(new Set(await Promise.all(good))).toEqual(new Set([200]));
		await Promise.all(junk);
	});
});
