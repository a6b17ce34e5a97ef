import { expect, test } from "vitest";
import { loadSettings } from "../../server/settings/load.ts";
import { sharedPortMistake } from "../../server/settings/shared-port-check.ts";
import { ServiceProcess } from "../main-job/service-process.ts";

const sharing = { LUNA_STREAMS_HTTP_SETTINGS__SHARE_PORT: "1" };
const REDIS_URL = "redis://127.0.0.1:1";
const withoutRedis =
	"LUNA_STREAMS_HTTP_SETTINGS.SHARE_PORT is 1 and REDIS.URL is empty: give all nodes that share the port one REDIS.URL, or set SHARE_PORT to 0";

test.each([
	["without a Redis", { ...sharing }, withoutRedis],
	["on any free port", { ...sharing, REDIS_URL, PORT: "0" }, "SHARE_PORT is 1 and PORT is 0"],
])("a port is not shared %s", (_, env, line) => {
	expect(sharedPortMistake(loadSettings({ argv: [], env }))).toContain(line);
});

test.each([
	["shared by nodes of one Redis", { ...sharing, REDIS_URL, PORT: "5160" }],
	["a lone node's", {}],
	["any free one, and not shared", { PORT: "0" }],
])("a port is good that is %s", (_, env) => {
	expect(sharedPortMistake(loadSettings({ argv: [], env }))).toBe(null);
});

test("a service that would share its port without a Redis does not start, and says why in one line", async () => {
	// Nothing is asked of this database: the line comes before it.
	const service = new ServiceProcess({ ...sharing, DATABASE_URL: "postgres://127.0.0.1:1/none", PORT: "5160" });
	expect(await service.ended).toBe(2);
	expect(service.stderr).toBe(`perigee: ${withoutRedis}\n`);
});
