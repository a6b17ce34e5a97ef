import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { databaseUrl } from "../../server/settings/database-url.ts";
import { loadSettings, SettingsError } from "../../server/settings/load.ts";

const folder = mkdtempSync(join(tmpdir(), "perigee-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function load(yaml: string | null, env: Record<string, string> = {}) {
	if (yaml === null) return loadSettings({ argv: [], env });
	const file = join(folder, `${files++}.yaml`);
	writeFileSync(file, yaml);
	return loadSettings({ argv: ["--config", file], env });
}

function refusal(yaml: string | null, env: Record<string, string> = {}): string {
	try {
		load(yaml, env);
	} catch (error) {
		expect(error).toBeInstanceOf(SettingsError);
		const { message } = error as SettingsError;
		expect(message).not.toContain("\n");
		return message;
	}
	throw new Error("was accepted");
}

describe("settings", () => {
	test("without a source are the defaults of section 12", () => {
		const settings = load(null);
		expect(settings).toEqual({
			LUNA_STREAMS_DB: {
				DB_TYPE: "embedded",
				DB_HOST: "",
				DB_PORT: 5432,
				DB_USER: "luna",
				DB_PASSWORD: "",
				DB_NAME: "luna_streams",
				DSN: "",
				DATA_DIR: "data",
				DB_SETTINGS: { CONNECTION_POOL_SIZE: 10, COMMAND_TIMEOUT: 4, LIST_TIMEOUT: 4 },
			},
			REDIS: { URL: "", LEASE_TTL: 6 },
			LUNA_STREAMS_HTTP_SETTINGS: {
				HOST: "127.0.0.1",
				PORT: 5160,
				SHARE_PORT: 0,
				PREFIX: "",
				ALLOWED_HOSTS: [],
				CORS_ORIGINS: [],
				TRUSTED_PROXIES: [],
				REQUEST_MAX_SIZE: 8388608,
				DRAIN_DELAY: 1,
			},
			LUNA_STREAMS_LIMITS: {
				TOKEN_RATE: 5000,
				ADDRESS_RATE: 5000,
				FAILURE_RATE: 60,
				ADDRESS_REQUESTS: 2000,
				ADDRESS_SOCKETS: 200,
				MAX_REQUESTS: 20000,
				ADDRESS_BODY_BYTES: 67_108_864,
				MAX_BODY_BYTES: 268_435_456,
				ADDRESS_ANSWER_BYTES: 67_108_864,
				MAX_ANSWER_BYTES: 268_435_456,
				EXEMPT_NETWORKS: ["127.0.0.0/8", "::1/128"],
			},
			LUNA_STREAMS_LOGGER: { LOG_LEVEL: "info" },
			LUNA_STREAMS_LOGS_CLEAR_INTERVAL: { ACTIVE: 0, INTERVAL: 7, INTERVAL_TYPE: "days", CHECK_INTERVAL: 180 },
			LUNA_STREAMS_AUDIT: { ACTIVE: 1, INTERVAL: 365, INTERVAL_TYPE: "days", CHECK_INTERVAL: 180 },
			LUNA_STREAMS_STREAM_STATUS_OBSOLETING: { PERIOD: 60, INTERVAL: 5, LOST_LIMIT: 5 },
			LUNA_STREAMS_AUTORESTART: {
				BACKOFF_FACTOR: 1,
				JITTER: 0,
				MAX_DELAY: 3600,
				HEALTHY_PERIOD: 60,
				FATAL_ERROR_CODES: [],
			},
			LUNA_STREAMS_FEEDBACK: { LOG_FEEDBACK: "changes", TELEMETRY_FLUSH_INTERVAL: 0.5, DURABILITY: "interval" },
			LUNA_STREAMS_QUEUE: { MAX_TAKE: 1000, MAX_LOOK: 10000, MAX_WAITERS: 10000, MAX_FILTER_BYTES: 33554432 },
			LUNA_STREAMS_PREVIEW: {
				CACHE_TTL: 1,
				TIMEOUT: 5,
				MAX_FRAME_SIZE: 8388608,
				ALLOWED_NETWORKS: ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
			},
			AUTH: {
				MODE: "none",
				ALLOW_ANONYMOUS: 0,
				CACHE_TTL: 5,
				SESSION_LIFETIME: 43_200,
				JWT: {
					JWKS_URL: "",
					ISSUER: "",
					AUDIENCE: "",
					NAME_CLAIM: "preferred_username",
					ROLE_CLAIM: "roles",
					ROLE_PREFIX: "",
					ACCOUNTS_CLAIM: "",
					GROUPS_CLAIM: "",
				},
			},
			LUNA_STREAMS_CONSOLE: { MAX_SOCKETS: 1000, MAX_VIEW_BYTES: 134217728 },
			LUNA_STREAMS_ACTIVE_PLUGINS: [],
			LUNA_SERVICE_METRICS: { ENABLED: 1 },
			INFLUX_MONITORING: {
				SEND_DATA_FOR_MONITORING: 0,
				VERSION: 2,
				ORGANIZATION: "",
				TOKEN: "",
				BUCKET: "luna_monitoring",
				HOST: "127.0.0.1",
				PORT: 8086,
				USE_SSL: 0,
				FLUSHING_PERIOD: 1,
			},
		});
		expect(Object.isFrozen(settings.LUNA_STREAMS_DB.DB_SETTINGS)).toBe(true);
	});

	test("have the type that the table gives them", () => {
		const settings = load(null);
		expectTypeOf(settings.LUNA_STREAMS_FEEDBACK.LOG_FEEDBACK).toEqualTypeOf<"changes" | "all">();
		expectTypeOf(settings.LUNA_SERVICE_METRICS.ENABLED).toEqualTypeOf<0 | 1>();
		expectTypeOf(settings.LUNA_STREAMS_AUTORESTART.FATAL_ERROR_CODES).toEqualTypeOf<readonly number[]>();
		expectTypeOf(settings.LUNA_STREAMS_DB.DB_SETTINGS.CONNECTION_POOL_SIZE).toEqualTypeOf<number>();
	});

	test("of the file give way to the environment, and its names to the short forms", () => {
		const yaml = "LUNA_STREAMS_HTTP_SETTINGS:\n  PORT: 1000\n  PREFIX: /a/b\n  HOST: 0.0.0.0\n";
		const { LUNA_STREAMS_HTTP_SETTINGS: http } = load(yaml, {
			LUNA_STREAMS_HTTP_SETTINGS__PORT: "2000",
			LUNA_STREAMS_HTTP_SETTINGS__HOST: "::1",
			PORT: "3000",
		});
		expect([http.PORT, http.HOST, http.PREFIX]).toEqual([3000, "::1", "/a/b"]);
	});

	test("reach deeper in the environment", () => {
		const env = { LUNA_STREAMS_DB__DB_SETTINGS__CONNECTION_POOL_SIZE: "33" };
		expect(load(null, env).LUNA_STREAMS_DB.DB_SETTINGS.CONNECTION_POOL_SIZE).toBe(33);
	});

	test("take fractions of seconds, lists, and 0 and 1 from the environment", () => {
		const settings = load(null, {
			LUNA_STREAMS_FEEDBACK__TELEMETRY_FLUSH_INTERVAL: "0.05",
			LUNA_STREAMS_AUTORESTART__FATAL_ERROR_CODES: "12, 13",
			LUNA_STREAMS_PREVIEW__ALLOWED_NETWORKS: '["10.0.0.0/8"]',
			LUNA_STREAMS_HTTP_SETTINGS__ALLOWED_HOSTS: "",
			LUNA_STREAMS_ACTIVE_PLUGINS: "./one.mjs,two",
			LUNA_SERVICE_METRICS__ENABLED: "0",
		});
		expect(settings.LUNA_STREAMS_FEEDBACK.TELEMETRY_FLUSH_INTERVAL).toBe(0.05);
		expect(settings.LUNA_STREAMS_AUTORESTART.FATAL_ERROR_CODES).toEqual([12, 13]);
		expect(settings.LUNA_STREAMS_PREVIEW.ALLOWED_NETWORKS).toEqual(["10.0.0.0/8"]);
		expect(settings.LUNA_STREAMS_HTTP_SETTINGS.ALLOWED_HOSTS).toEqual([]);
		expect(settings.LUNA_STREAMS_ACTIVE_PLUGINS).toEqual(["./one.mjs", "two"]);
		expect(settings.LUNA_SERVICE_METRICS.ENABLED).toBe(0);
	});

	test("ignore names of the environment that begin with no section and two underscores", () => {
		expect(load(null, { REDIS_PORT: "tcp://10.0.0.1", LUNA_STREAMS_DB: "x", OTHER__KEY: "y", HOST: "" })).toEqual(
			load(null),
		);
	});

	test("may be an empty file, or one whose keys are all commented out", () => {
		expect(load("")).toEqual(load(null));
		expect(load("REDIS:\n  #URL: redis://a\n")).toEqual(load(null));
	});
});

describe("the start stops with one line", () => {
	test.each([
		["an unknown section", "LUNA_STREAMS_BD: {}", "LUNA_STREAMS_BD is not a known setting"],
		["an unknown key", "REDIS:\n  URI: x", "REDIS.URI is not a known setting"],
		["a name of Object's", "REDIS:\n  constructor: x", "REDIS.constructor is not a known setting"],
		["a deeper unknown key", "LUNA_STREAMS_DB:\n  DB_SETTINGS: {SIZE: 1}", "LUNA_STREAMS_DB.DB_SETTINGS.SIZE"],
		[
			"a value out of its bounds",
			"LUNA_STREAMS_HTTP_SETTINGS:\n  PORT: 65536",
			"PORT must be an integer from 0 to 65535",
		],
		["a fraction for an integer", "LUNA_STREAMS_QUEUE:\n  MAX_TAKE: 1.5", "LUNA_STREAMS_QUEUE.MAX_TAKE must be"],
		["text for a number", "REDIS:\n  LEASE_TTL: soon", 'REDIS.LEASE_TTL must be a number from 0.3 to 300, not "soon"'],
		["not a number at all", "REDIS:\n  LEASE_TTL: .nan", "REDIS.LEASE_TTL must be a number"],
		["an unknown word", "LUNA_STREAMS_LOGGER:\n  LOG_LEVEL: loud", "LOG_LEVEL must be one of trace, debug"],
		["a key without a value", "REDIS:\n  URL:", "REDIS.URL must be text"],
		["a list for a section", "REDIS: [1]", "REDIS must hold names and values"],
		["a value for a list", "LUNA_STREAMS_ACTIVE_PLUGINS: one", "LUNA_STREAMS_ACTIVE_PLUGINS must be a list"],
		["a bad network", "LUNA_STREAMS_PREVIEW:\n  ALLOWED_NETWORKS: [10.0.0.0]", "ALLOWED_NETWORKS must hold networks"],
		["a key given twice", "REDIS:\n  URL: redis://a\n  URL: redis://b", "line 3"],
		["what is not YAML", "REDIS: {", "line 1"],
		[
			"an embedded database with an address",
			"LUNA_STREAMS_DB: {DB_TYPE: embedded, DB_HOST: h}",
			"LUNA_STREAMS_DB.DB_TYPE",
		],
	])("that names %s in the file", (_, yaml, words) => {
		expect(refusal(yaml)).toContain(words);
	});

	test.each([
		["LUNA_STREAMS_DB__DB_PROT", "1"],
		["LUNA_STREAMS_DB__DB_SETTINGS", "1"],
		["LUNA_STREAMS_DB__DB_SETTINGS__", "1"],
		["REDIS__URL__X", "1"],
		["LUNA_STREAMS_ACTIVE_PLUGINS__X", "1"],
		["LUNA_STREAMS_DB__DB_PORT", "54e2"],
		["LUNA_STREAMS_DB__DB_PORT", ""],
		["LUNA_SERVICE_METRICS__ENABLED", "yes"],
		["LUNA_STREAMS_AUTORESTART__FATAL_ERROR_CODES", "1,x"],
		["PORT", "http"],
		["HOST", "a b"],
		["REDIS_URL", "localhost:6379"],
	])("that names %s of the environment when it is '%s'", (name, value) => {
		expect(refusal(null, { [name]: value })).toContain(`environment: ${name} `);
	});

	test("when the file is not there, or an argument is unknown", () => {
		expect(() => loadSettings({ argv: ["--config=/nowhere/p.yaml"], env: {} })).toThrow(
			"/nowhere/p.yaml cannot be read",
		);
		expect(() => loadSettings({ argv: ["--confg", "x"], env: {} })).toThrow("--confg");
		expect(() => loadSettings({ argv: ["x"], env: {} })).toThrow(SettingsError);
	});

	test("that does not hold the secret it refuses", () => {
		expect(refusal(null, { DATABASE_URL: "mysql://u:hush@h/d" })).not.toContain("hush");
		expect(refusal("LUNA_STREAMS_DB:\n  DB_PASSWORD: [hush]")).not.toContain("hush");
		expect(refusal('INFLUX_MONITORING:\n  TOKEN: "hush\\nhush"')).not.toContain("hush");
	});
});

describe("the database", () => {
	test("is embedded unless another is given", () => {
		expect(databaseUrl(load(null))).toBeNull();
		expect(load(null, { DATABASE_URL: "postgres://h/d" }).LUNA_STREAMS_DB.DB_TYPE).toBe("postgres");
		expect(load("LUNA_STREAMS_DB:\n  DB_HOST: h").LUNA_STREAMS_DB.DB_TYPE).toBe("postgres");
	});

	test("given by DSN is used as it stands", () => {
		const url = "postgresql://u:p%40@h:1,i:2/d?sslmode=require";
		expect(databaseUrl(load(null, { DATABASE_URL: url, LUNA_STREAMS_DB__DB_HOST: "other" }))).toBe(url);
	});

	test("given in parts becomes a URL, whatever its password holds", () => {
		const built = (env: Record<string, string>) => databaseUrl(load("LUNA_STREAMS_DB: {DB_TYPE: postgres}", env));
		expect(built({})).toBe("postgres://luna@127.0.0.1:5432/luna_streams");
		expect(built({ LUNA_STREAMS_DB__DB_PASSWORD: "a@b/c:d?", LUNA_STREAMS_DB__DB_HOST: "::1" })).toBe(
			"postgres://luna:a%40b%2Fc%3Ad%3F@[::1]:5432/luna_streams",
		);
	});
});
