import { describe, expect, test } from "vitest";
import { createLogger, serializeError } from "../../server/log.ts";
import { loadSettings } from "../../server/settings/load.ts";

function recorder(level = "trace") {
	const lines: string[] = [];
	const settings = loadSettings({ argv: [], env: { LUNA_STREAMS_LOGGER__LOG_LEVEL: level } });
	return { lines, log: createLogger(settings, { write: (line: string) => lines.push(line) }) };
}

describe("a log line", () => {
	test("is one JSON object with the time in RFC 3339, the level as a word, the part and the message", () => {
		const { log, lines } = recorder();
		log.child({ part: "supervisor" }).warn({ shards: 3 }, "lost a lease");
		expect(lines).toHaveLength(1);
		const { time, ...rest } = JSON.parse(lines[0]!);
		expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
		expect(rest).toEqual({ level: "warn", part: "supervisor", shards: 3, msg: "lost a lease" });
	});

	test("below LOG_LEVEL is not written", () => {
		const { log, lines } = recorder("error");
		log.warn("calm");
		expect(lines).toEqual([]);
	});

	test("of an error holds its causes, and nothing of it but name, message, code and stack", () => {
		const driver = Object.assign(new Error("duplicate key"), { code: "23505", parameters: ["hush"] });
		const { log, lines } = recorder();
		log.error({ err: new Error("commit failed", { cause: driver }) }, "pipeline");
		const { err } = JSON.parse(lines[0]!);
		expect(err).toMatchObject({
			type: "Error",
			message: "commit failed",
			cause: { message: "duplicate key", code: "23505" },
		});
		expect(err.stack).toContain("log.test.ts");
		expect(lines[0]).not.toContain("hush");
	});

	test("survives whatever is thrown", () => {
		const circle = new Error("a");
		circle.cause = circle;
		expect(JSON.stringify(serializeError(circle)).length).toBeLessThan(100_000);
		expect(serializeError("text")).toEqual({ type: "string", message: "text" });
		expect(serializeError(undefined)).toEqual({ type: "undefined", message: "undefined" });
		expect(serializeError(new AggregateError([new Error("one")], "both")).errors?.[0]?.message).toBe("one");
	});
});

describe("secrets never reach the log", () => {
	const secret = "hUsh-4711";
	const handler = { event_handler: { authorization: { token: secret }, origin: "http://o" } };
	const body = JSON.stringify(handler);

	test.each([
		["a member of that name", { token: secret }],
		["authorization.token, at any depth", { stream: { deep: [handler] } }],
		["a setting", { LUNA_STREAMS_DB: { DB_PASSWORD: secret } }],
		["an object under such a name", { access_token: { value: secret } }],
		["a list under such a name", { tokens_and: 1, secret: [secret] }],
		["a header", { headers: { Authorization: `Bearer ${secret}` } }],
		["the reference of a camera", { reference: `rtsp://admin:${secret}@10.0.0.1/s` }],
		["a body as text", { body }],
		["a body as text in text", { body: JSON.stringify({ body }) }],
		["a body cut in the middle", { body: body.slice(0, body.indexOf(secret) + secret.length) }],
		["an error", { err: new Error(`connect postgres://u:${secret}@h/d`) }],
		["a cause", { err: new Error("x", { cause: new Error(`Failing row contains (${body})`) }) }],
	])("in %s", (_, object) => {
		const { log, lines } = recorder();
		log.error(object, "planted");
		expect(lines[0]).not.toContain(secret);
		expect(JSON.parse(lines[0]!).msg).toBe("planted");
	});

	test("in the message, in a child's bindings, in a thrown error logged bare", () => {
		const { log, lines } = recorder();
		log.info(`using redis://:${secret}@h and password=${secret}`);
		log.child({ token: secret, url: `http://u:${secret}@h/` }).info("x");
		log.error(new Error(`token: ${secret}`));
		expect(lines).toHaveLength(3);
		for (const line of lines) {
			expect(line).not.toContain(secret);
			JSON.parse(line);
		}
	});
});
