import { expect, describe as suite, test } from "vitest";
import { parse } from "yaml";
import { acceptedType } from "../../server/accept.ts";
import { configAnswer } from "../../server/settings/config-route.ts";
import { describe } from "../../server/settings/describe.ts";
import { loadSettings } from "../../server/settings/load.ts";

const plain = loadSettings({ argv: [], env: {} });

suite("GET /config", () => {
	const given = loadSettings({
		argv: [],
		env: {
			DATABASE_URL: "postgres://u:hush@h:5/d?password=hush",
			REDIS_URL: "redis://:hush@h",
			LUNA_STREAMS_DB__DB_PASSWORD: "hush",
			INFLUX_MONITORING__TOKEN: "hush",
		},
	});

	test("shows every setting, in the shape of the reference page", () => {
		expect(Object.keys(describe(plain))).toEqual(Object.keys(plain));
		expect(describe(plain)["INFLUX_MONITORING"]).toEqual({ ...plain.INFLUX_MONITORING, TOKEN: "********" });
	});

	test("hides secrets, set or not, and passwords inside addresses", () => {
		for (const settings of [given, plain]) {
			expect(describe(settings)).toMatchObject({
				LUNA_STREAMS_DB: { DB_PASSWORD: "********" },
				INFLUX_MONITORING: { TOKEN: "********" },
			});
		}
		expect(describe(given)).toMatchObject({
			LUNA_STREAMS_DB: { DSN: "postgres://u:********@h:5/d?password=********" },
			REDIS: { URL: "redis://:********@h" },
		});
		expect(JSON.stringify(configAnswer(given, "application/json"))).not.toContain("hush");
		expect(configAnswer(given, "text/plain").body).not.toContain("hush");
	});

	test("is YAML as text, which says the same as the JSON", () => {
		const answer = configAnswer(given, "text/plain");
		expect(answer.contentType).toBe("text/plain; charset=utf-8");
		expect(parse(String(answer.body))).toEqual(describe(given));
	});

	test.each([
		[undefined, "application/json"],
		["", "application/json"],
		["*/*", "application/json"],
		["text/html,*/*;q=0.8", "application/json"],
		["text/*", "text/plain; charset=utf-8"],
		["application/json;q=0.2, text/plain;q=0.3", "text/plain; charset=utf-8"],
		["application/msgpack", "application/msgpack"],
		["text/plain;q=0, */*", "application/json"],
		["image/png", "application/json"],
	])("for Accept %s is %s", (accept, type) => {
		expect(configAnswer(plain, accept).contentType).toBe(type);
	});
});

suite("Accept", () => {
	test("that matches nothing gives nothing", () => {
		expect(acceptedType("text/html;q=0", ["text/html"])).toBeUndefined();
		expect(acceptedType("nonsense", ["text/html"])).toBeUndefined();
	});
});
