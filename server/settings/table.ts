import { flag, integer, integers, networks, number, oneOf, type Setting, seconds, text, texts } from "./kinds.ts";

/** A named part of the settings, possibly with parts of its own. */
export interface Section<K extends Entries> {
	readonly kind: "section";
	readonly meaning: string;
	readonly entries: K;
}

export interface Entries {
	readonly [name: string]: Setting<unknown> | Section<Entries>;
}

function section<const K extends Entries>(meaning: string, entries: K): Section<K> {
	return { kind: "section", meaning, entries };
}

const day = 86_400;
const mebibyte = 1_048_576;
const maxInteger = 2_147_483_647;

/**
 * Every setting there is (contract, section 12). The loader, `GET /config`, `docs/settings.md` and
 * `perigee.example.yaml` are made from this table; a setting that is not here does not exist.
 */
export const table = {
	LUNA_STREAMS_DB: section("Where the streams are kept: a PostgreSQL of yours, or one that comes with the service.", {
		DB_TYPE: oneOf(["embedded", "postgres"], {
			default: "embedded",
			meaning:
				"embedded runs a PostgreSQL inside the service, for one node; postgres connects to yours. When it is not given, a DSN or a DB_HOST makes it postgres.",
		}),
		DB_HOST: text({ default: "", meaning: "Host of the database. With DB_TYPE postgres and no DSN: 127.0.0.1." }),
		DB_PORT: integer({ min: 1, max: 65_535, default: 5432, meaning: "Port of the database." }),
		DB_USER: text({ default: "luna", meaning: "User of the database." }),
		DB_PASSWORD: text({ default: "", secret: "whole", meaning: "Password of that user." }),
		DB_NAME: text({ default: "luna_streams", meaning: "Name of the database." }),
		DSN: text({
			default: "",
			secret: "url",
			pattern: /^postgres(ql)?:\/\/\S+$/,
			form: "a postgres:// URL",
			meaning: "The whole address of the database; given, it is used instead of the DB_ keys.",
		}),
		DATA_DIR: text({
			default: "data",
			pattern: /./,
			form: "a path",
			meaning: "Folder of the embedded database. A relative path starts at the working directory.",
		}),
		DB_SETTINGS: section("How the database is used.", {
			CONNECTION_POOL_SIZE: integer({
				min: 2,
				max: 500,
				default: 10,
				unit: "connections",
				meaning: "Connections that this node opens at most.",
			}),
			COMMAND_TIMEOUT: seconds({
				min: 0.1,
				max: 60,
				default: 4,
				meaning: "How long a statement may take that writes, or that feedback and single streams wait for.",
			}),
			LIST_TIMEOUT: seconds({
				min: 0.1,
				max: 60,
				default: 4,
				meaning: "How long a list, a count or a search may take. They have a third of the connections for themselves.",
			}),
		}),
	}),
	REDIS: section("How several nodes tell each other what changed. One node needs none.", {
		URL: text({
			default: "",
			secret: "url",
			pattern: /^rediss?:\/\/\S+$/,
			form: "a redis:// or rediss:// URL",
			meaning: "Address of Redis or Valkey. Empty: this node is alone.",
		}),
		LEASE_TTL: seconds({
			min: 0.3,
			max: 300,
			default: 6,
			meaning: "How long a node that is gone keeps its shards; renewed at a third of it.",
		}),
	}),
	LUNA_STREAMS_HTTP_SETTINGS: section("The address of the service, and whom it answers.", {
		HOST: text({
			default: "127.0.0.1",
			pattern: /^[A-Za-z0-9.:_%-]+$/,
			form: "a host name or an address",
			meaning: "Address to listen on. 0.0.0.0 is every IPv4 address, :: every address.",
		}),
		PORT: integer({ min: 0, max: 65_535, default: 5160, meaning: "Port to listen on. 0 takes any free port." }),
		SHARE_PORT: flag({
			default: 0,
			meaning:
				"1: other processes of this machine may listen on the same port, and the system shares connections out among them. They are nodes of one service, so REDIS must be set, and PORT must not be 0. 0: a port that is taken ends the start.",
		}),
		PREFIX: text({
			default: "",
			pattern: /^(\/[A-Za-z0-9._~-]+)+$/,
			form: "a path like /6/luna-streams",
			meaning: "A path under which everything is served as well.",
		}),
		ALLOWED_HOSTS: texts({
			default: [],
			pattern: /^[A-Za-z0-9.:_[\]-]+$/,
			form: "host names",
			meaning: "Names in the Host header that are answered besides loopback and HOST.",
		}),
		CORS_ORIGINS: texts({
			default: [],
			pattern: /^https?:\/\/[^\s/]+$/,
			form: "origins like https://example.org",
			meaning: "Web origins that browsers may call the API from. Empty: CORS is off.",
		}),
		TRUSTED_PROXIES: networks({
			default: [],
			meaning:
				"Networks of proxies in front whose X-Forwarded-For is believed: limits and the audit then know the clients' addresses.",
		}),
		REQUEST_MAX_SIZE: integer({
			min: 1024,
			max: 1024 * mebibyte,
			default: 8 * mebibyte,
			unit: "bytes",
			live: true,
			meaning: "The largest request body that is accepted.",
		}),
		DRAIN_DELAY: seconds({
			min: 0,
			max: 60,
			default: 1,
			meaning:
				"How long a node of several that is to end goes on as before while /healthcheck says 503: a proxy in front needs that time to send requests elsewhere. A lone node ends without.",
		}),
	}),
	AUTH: section("Who may use the service (docs/access.md).", {
		MODE: oneOf(["none", "tokens"], {
			default: "none",
			meaning:
				"none: whoever can connect may do everything, as in the original, which stands behind a gateway. tokens: every request must show a token, a JWT or the session of a browser.",
		}),
		ALLOW_ANONYMOUS: flag({
			default: 0,
			meaning:
				"With MODE none the service starts on loopback only, unless this is 1: it says that everybody who reaches HOST is meant to do everything.",
		}),
		CACHE_TTL: seconds({
			min: 0,
			max: 300,
			default: 5,
			meaning:
				"How long a caller is known without asking the database. A revocation ends it at once, this long after at the latest.",
		}),
		SESSION_LIFETIME: seconds({
			min: 60,
			max: 30 * day,
			default: day / 2,
			meaning: "After this time a browser must log in again.",
		}),
		JWT: section("Tokens of a provider of identities, by its published keys.", {
			JWKS_URL: text({
				default: "",
				pattern: /^https?:\/\/\S+$/,
				form: "an http(s):// URL",
				meaning: "Where the provider publishes its keys. Empty: JWTs are not taken.",
			}),
			ISSUER: text({ default: "", meaning: "The `iss` that tokens must have. Required with a JWKS_URL." }),
			AUDIENCE: text({ default: "", meaning: "The `aud` that tokens must have. Required with a JWKS_URL." }),
			NAME_CLAIM: text({
				default: "preferred_username",
				pattern: /./,
				form: "the name of a claim",
				meaning: "The claim that holds the name; without it the `sub` is the name. Dots lead into objects.",
			}),
			ROLE_CLAIM: text({
				default: "roles",
				pattern: /./,
				form: "the name of a claim",
				meaning:
					"The claim with the roles, a list or words with blanks between them; the most powerful of viewer, agent, operator, admin counts. `realm_access.roles` leads into an object.",
			}),
			ROLE_PREFIX: text({
				default: "",
				meaning:
					"What stands before the role's name in that claim, for instance `perigee:`. Other values are left out.",
			}),
			ACCOUNTS_CLAIM: text({
				default: "",
				meaning:
					"The claim with the ids of the accounts that a token is for. Empty: JWTs are for all. A token without the claim is for none.",
			}),
			GROUPS_CLAIM: text({
				default: "",
				meaning:
					"The claim with the names of the groups that a token is for. Empty: JWTs are for all. A token without the claim is for none.",
			}),
		}),
	}),
	LUNA_STREAMS_LIMITS: section("What one client may cost (docs/access.md). What is beyond is answered 429.", {
		TOKEN_RATE: integer({
			min: 0,
			max: 1_000_000,
			default: 5000,
			unit: "requests a second",
			meaning: "Requests of one token or user. 0: any number.",
		}),
		ADDRESS_RATE: integer({
			min: 0,
			max: 1_000_000,
			default: 5000,
			unit: "requests a second",
			meaning: "Requests of one address that show no token: all of them with AUTH.MODE none. 0: any number.",
		}),
		FAILURE_RATE: integer({
			min: 0,
			max: 1_000_000,
			default: 60,
			unit: "requests a minute",
			meaning:
				"Requests of one address that show a token which opens nothing; then no token is looked at that is not known already. 0: any number.",
		}),
		ADDRESS_REQUESTS: integer({
			min: 0,
			max: 1_000_000,
			default: 2000,
			unit: "requests",
			meaning: "Requests of one address that may be under way, each on a connection of its own. 0: any number.",
		}),
		ADDRESS_SOCKETS: integer({
			min: 0,
			max: 100_000,
			default: 200,
			unit: "sockets",
			meaning: "Pages of the console of one address that may be connected. 0: any number.",
		}),
		MAX_REQUESTS: integer({
			min: 1,
			max: 1_000_000,
			default: 20_000,
			unit: "requests",
			meaning: "Requests that may be under way on one node; more are answered 503.",
		}),
		ADDRESS_BODY_BYTES: integer({
			min: 0,
			max: 64 * 1024 * mebibyte,
			default: 64 * mebibyte,
			unit: "bytes",
			meaning: "What one node holds of bodies of one address that have not come whole. 0: any number.",
		}),
		MAX_BODY_BYTES: integer({
			min: mebibyte,
			max: 64 * 1024 * mebibyte,
			default: 256 * mebibyte,
			unit: "bytes",
			meaning: "What one node holds of all bodies that have not come whole; those that bring more are answered 503.",
		}),
		ADDRESS_ANSWER_BYTES: integer({
			min: 0,
			max: 64 * 1024 * mebibyte,
			default: 64 * mebibyte,
			unit: "bytes",
			meaning:
				"What one node holds of answers that clients of one address do not take; whose answer brings more has its connection closed. 0: any number.",
		}),
		MAX_ANSWER_BYTES: integer({
			min: mebibyte,
			max: 64 * 1024 * mebibyte,
			default: 256 * mebibyte,
			unit: "bytes",
			meaning: "The same of all clients.",
		}),
		EXEMPT_NETWORKS: networks({
			default: ["127.0.0.0/8", "::1/128"],
			meaning: "Addresses that nothing is counted against, since many stand behind them: a gateway, for one.",
		}),
	}),
	LUNA_STREAMS_LOGGER: section("What the service says on its standard output, one JSON object a line.", {
		LOG_LEVEL: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
			default: "info",
			live: true,
			meaning: "The least important level that is written.",
		}),
	}),
	LUNA_STREAMS_LOGS_CLEAR_INTERVAL: section(
		"Removal of old records from the streams' log. An existing stream keeps its newest record.",
		{
			ACTIVE: flag({ default: 0, meaning: "Whether old records are removed by themselves, on one node." }),
			INTERVAL: integer({ min: 1, max: 1_000_000, default: 7, meaning: "Age of what is removed, in INTERVAL_TYPE." }),
			INTERVAL_TYPE: oneOf(["days", "hours", "minutes", "seconds", "weeks"], {
				default: "days",
				meaning: "Unit of INTERVAL.",
			}),
			CHECK_INTERVAL: seconds({ min: 0.1, max: day, default: 180, meaning: "Time between two removals." }),
		},
	),
	LUNA_STREAMS_AUDIT: section("The record of who changed what, apart from the streams' log (docs/access.md).", {
		ACTIVE: flag({ default: 1, meaning: "Whether it is recorded who changed what, or was refused it." }),
		INTERVAL: integer({
			min: 0,
			max: 1_000_000,
			default: 365,
			meaning: "Age of the records that are removed by themselves, in INTERVAL_TYPE. 0: none is.",
		}),
		INTERVAL_TYPE: oneOf(["days", "hours", "minutes", "seconds", "weeks"], {
			default: "days",
			meaning: "Unit of INTERVAL.",
		}),
		CHECK_INTERVAL: seconds({ min: 0.1, max: day, default: 180, meaning: "Time between two removals." }),
	}),
	LUNA_STREAMS_STREAM_STATUS_OBSOLETING: section(
		"Streams whose agent went silent: handler_lost, restart, pending (API reference, lost handlers).",
		{
			PERIOD: seconds({
				min: 0.1,
				max: day,
				default: 60,
				meaning: "Silence after which a stream in progress is lost.",
			}),
			INTERVAL: seconds({ min: 0.05, max: 3600, default: 5, meaning: "Time between two looks for silent streams." }),
			LOST_LIMIT: integer({
				min: 0,
				max: 1_000_000,
				default: 5,
				unit: "losses",
				meaning:
					"A stream lost more often than this without a healthy period in between is held back before it can be taken again: 1 s, doubled each time, at most 300 s.",
			}),
		},
	),
	LUNA_STREAMS_AUTORESTART: section("How failed streams with restart 1 come back.", {
		BACKOFF_FACTOR: number({
			min: 1,
			max: 100,
			default: 1,
			meaning: "Each attempt waits this many times longer than the one before. 1 keeps the delay constant.",
		}),
		JITTER: number({
			min: 0,
			max: 10,
			default: 0,
			meaning: "The wait is lengthened at random by 0 to this share of itself.",
		}),
		MAX_DELAY: seconds({
			min: 0,
			max: maxInteger,
			default: 3600,
			meaning: "A grown wait ends here; a stream's own delay is never shortened by it.",
		}),
		HEALTHY_PERIOD: seconds({
			min: 0,
			max: 30 * day,
			default: 60,
			meaning: "Time in progress, with feedback, after which the attempts of a stream count from 0 again.",
		}),
		FATAL_ERROR_CODES: integers({
			min: -maxInteger,
			max: maxInteger,
			default: [],
			meaning: "A failure with one of these error codes is not tried again.",
		}),
	}),
	LUNA_STREAMS_FEEDBACK: section("What agents report.", {
		LOG_FEEDBACK: oneOf(["changes", "all"], {
			default: "changes",
			meaning:
				"changes: in_progress feedback is logged when its error changed. all: every one is, and is committed before its answer.",
		}),
		TELEMETRY_FLUSH_INTERVAL: seconds({
			min: 0.01,
			max: 60,
			default: 0.5,
			meaning: "Plain in_progress feedback is written within this time, the newest of each stream.",
		}),
		DURABILITY: oneOf(["interval", "commit"], {
			default: "interval",
			meaning: "interval: plain in_progress feedback is answered before it is written. commit: after.",
		}),
	}),
	LUNA_STREAMS_QUEUE: section("The bounds of the processing queue.", {
		MAX_TAKE: integer({
			min: 1,
			max: 10_000,
			default: 1000,
			unit: "streams",
			meaning: "One POST gives at most these.",
		}),
		MAX_LOOK: integer({
			min: 1,
			max: 100_000,
			default: 10_000,
			unit: "streams",
			meaning: "One GET shows at most these.",
		}),
		MAX_WAITERS: integer({
			min: 0,
			max: 1_000_000,
			default: 10_000,
			unit: "requests",
			meaning: "Requests that may wait for streams on one node; more are answered 503.",
		}),
		MAX_FILTER_BYTES: integer({
			min: 1024,
			max: 16_384 * mebibyte,
			default: 32 * mebibyte,
			unit: "bytes",
			meaning:
				"What the filters of those requests may take together, some 115 bytes for each id; one whose filters do not fit beside the others' is answered 503. As much again for those that do not wait.",
		}),
	}),
	LUNA_STREAMS_PREVIEW: section("Pictures fetched from agents.", {
		CACHE_TTL: seconds({ min: 0, max: 3600, default: 1, meaning: "How long a last frame is given again unasked." }),
		TIMEOUT: seconds({ min: 0.05, max: 300, default: 5, meaning: "How long an agent may take to answer." }),
		MAX_FRAME_SIZE: integer({
			min: 1024,
			max: 256 * mebibyte,
			default: 8 * mebibyte,
			unit: "bytes",
			meaning: "The largest picture that is relayed.",
		}),
		ALLOWED_NETWORKS: networks({
			default: ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
			meaning:
				"Where agents may be. Link-local, multicast and cloud metadata addresses are refused whatever stands here.",
		}),
	}),
	LUNA_STREAMS_CONSOLE: section("The operators' console: the bounds of what its pages may cost one node.", {
		MAX_SOCKETS: integer({
			min: 0,
			max: 100_000,
			default: 1000,
			unit: "sockets",
			meaning: "Pages that may be connected to one node; more are answered 503.",
		}),
		MAX_VIEW_BYTES: integer({
			min: mebibyte,
			max: 16_384 * mebibyte,
			default: 128 * mebibyte,
			unit: "bytes",
			meaning:
				"What the lists of all pages' tables may take together, some 24 bytes a stream and 150 for each id of a filter; equal lists are kept once. The pages of one caller may take half of it.",
		}),
	}),
	LUNA_STREAMS_ACTIVE_PLUGINS: texts({
		default: [],
		form: "module names or paths",
		meaning: "ES modules that are loaded as plugins, in this order.",
	}),
	LUNA_SERVICE_METRICS: section("Metrics for Prometheus.", {
		ENABLED: flag({ default: 1, meaning: "Whether GET /metrics answers." }),
	}),
	INFLUX_MONITORING: section("Points about requests and errors, sent to InfluxDB.", {
		SEND_DATA_FOR_MONITORING: flag({ default: 0, meaning: "Whether points are sent." }),
		VERSION: integer({ min: 2, max: 2, default: 2, meaning: "Version of the InfluxDB API." }),
		ORGANIZATION: text({ default: "", meaning: "Organisation in InfluxDB." }),
		TOKEN: text({ default: "", secret: "whole", meaning: "Token of InfluxDB." }),
		BUCKET: text({ default: "luna_monitoring", meaning: "Bucket that takes the points." }),
		HOST: text({
			default: "127.0.0.1",
			pattern: /^[A-Za-z0-9.:_%-]+$/,
			form: "a host name or an address",
			meaning: "Host of InfluxDB.",
		}),
		PORT: integer({ min: 1, max: 65_535, default: 8086, meaning: "Port of InfluxDB." }),
		USE_SSL: flag({ default: 0, meaning: "Whether InfluxDB is called by https." }),
		FLUSHING_PERIOD: seconds({ min: 0.05, max: 3600, default: 1, meaning: "Time between two sendings." }),
	}),
} as const satisfies Entries;

type Value<E> =
	E extends Setting<infer T> ? T : E extends Section<infer K> ? { readonly [N in keyof K]: Value<K[N]> } : never;

/** The settings as the rest of the service reads them: nested like the table, frozen, every member checked. */
export type Settings = { readonly [N in keyof typeof table]: Value<(typeof table)[N]> };

/** The short names of the environment, and the settings that they stand for. */
export const shortForms = {
	HOST: ["LUNA_STREAMS_HTTP_SETTINGS", "HOST"],
	PORT: ["LUNA_STREAMS_HTTP_SETTINGS", "PORT"],
	DATABASE_URL: ["LUNA_STREAMS_DB", "DSN"],
	REDIS_URL: ["REDIS", "URL"],
	DATA_DIR: ["LUNA_STREAMS_DB", "DATA_DIR"],
} as const;
