import { hostname } from "node:os";
import { delimiter } from "node:path";
import { parseArgs } from "node:util";

/** What an agent can be told. Times are seconds unless a name says otherwise. */
export interface AgentSettings {
	/** Base URL of the service, with its prefix if it has one, without a slash at the end. */
	url: string;
	/** Value of the Authorization header; a secret, only from the environment. */
	authorization: string | null;
	/** How many streams it processes at the same time. */
	slots: number;
	groups: string[];
	groupIds: string[];
	names: string[];
	streamIds: string[];
	/** Absolute folders; local references must lie below one of them. */
	files: string[];
	/** Whether a `videofile` may be an http(s) address. */
	httpFiles: boolean;
	listen: { host: string; port: number };
	/** Base URL under which the service reaches the preview server; null: the address it listens on. */
	advertise: string | null;
	pace: "fastest" | "realtime";
	feedbackInterval: number;
	wait: number;
	/** Milliseconds for opening and for each read, where the stream's policy gives none. */
	timeout: number;
	/** Pictures a second of a watched preview. */
	previewFps: number;
	/** Beginning of the Agent-Id. */
	name: string;
	logLevel: string;
}

interface Option {
	text: string;
	fallback: string;
	secret?: true;
}

/** Every option: `--feedback-interval` on the command line is `AGENT_FEEDBACK_INTERVAL` in the environment. */
export const OPTIONS: Readonly<Record<string, Option>> = {
	url: { text: "base URL of the service", fallback: "http://127.0.0.1:5160" },
	authorization: { text: "Authorization header for the service", fallback: "", secret: true },
	slots: { text: "streams processed at the same time, 1 to 256", fallback: "4" },
	groups: { text: "take only streams of these groups, by name, comma separated", fallback: "" },
	"group-ids": { text: "take only streams of these groups, by id", fallback: "" },
	names: { text: "take only streams of these names", fallback: "" },
	"stream-ids": { text: "take only these streams", fallback: "" },
	files: { text: `folders that local references may lie in, separated by '${delimiter}'`, fallback: "" },
	"http-files": { text: "1: a videofile may be an http(s) address", fallback: "0" },
	listen: { text: "host:port of the preview server, port 0 is any", fallback: "127.0.0.1:0" },
	advertise: { text: "URL under which the service reaches the preview server", fallback: "" },
	pace: { text: "of video files: fastest or realtime", fallback: "fastest" },
	"feedback-interval": { text: "seconds between feedback requests, 0.1 to 30", fallback: "1" },
	wait: { text: "seconds that the service may hold a take, 0 to 60", fallback: "20" },
	timeout: { text: "milliseconds for opening and reading where the stream says nothing", fallback: "10000" },
	"preview-fps": { text: "pictures a second of a watched preview, 1 to 60", fallback: "10" },
	name: { text: "beginning of the Agent-Id", fallback: hostname() },
	"log-level": { text: "fatal, error, warn, info, debug or trace", fallback: "info" },
};

/** A setting that cannot be used. The message is one line and names it. */
export class BadSetting extends Error {
	constructor(name: string, text: string) {
		super(`--${name}: ${text}`);
		this.name = "BadSetting";
	}
}

/**
 * Reads the settings: the command line wins over `AGENT_…` in the environment, and that over the defaults.
 * Throws BadSetting; null when `--help` was asked for.
 */
export function readSettings(
	argv: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): AgentSettings | null {
	const values = commandLine(argv);
	if (values === null) return null;
	const text = (name: string): string =>
		values.get(name) ?? env[`AGENT_${name.toUpperCase().replaceAll("-", "_")}`] ?? OPTIONS[name]?.fallback ?? "";
	const list = (name: string, separator = ","): string[] =>
		text(name)
			.split(separator)
			.filter((part) => part !== "");
	const number = (name: string, least: number, most: number, whole = false): number => {
		const value = Number(text(name));
		if (text(name).trim() === "" || !(value >= least && value <= most) || (whole && !Number.isInteger(value)))
			throw new BadSetting(name, `expected a ${whole ? "whole " : ""}number from ${least} to ${most}`);
		return value;
	};
	const choice = <T extends string>(name: string, choices: readonly T[]): T => {
		const found = choices.find((one) => one === text(name));
		if (found === undefined) throw new BadSetting(name, `expected one of ${choices.join(", ")}`);
		return found;
	};
	const name = text("name");
	if (!/^[!-~]{1,64}$/.test(name))
		throw new BadSetting("name", "expected 1 to 64 printable ASCII characters, no blank");
	const listen = listenAddress(text("listen"));
	if (/^(0\.0\.0\.0|::)$/.test(listen.host) && text("advertise") === "")
		throw new BadSetting("advertise", "needed when --listen means every address");
	return {
		url: baseUrl("url", text("url")),
		authorization: text("authorization") || null,
		slots: number("slots", 1, 256, true),
		groups: list("groups"),
		groupIds: list("group-ids"),
		names: list("names"),
		streamIds: list("stream-ids"),
		files: list("files", delimiter),
		httpFiles: choice("http-files", ["0", "1"]) === "1",
		listen,
		advertise: text("advertise") === "" ? null : baseUrl("advertise", text("advertise")),
		pace: choice("pace", ["fastest", "realtime"]),
		feedbackInterval: number("feedback-interval", 0.1, 30),
		wait: number("wait", 0, 60),
		timeout: number("timeout", 1, 2_147_483_647, true),
		previewFps: number("preview-fps", 1, 60),
		name,
		logLevel: choice("log-level", ["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
	};
}

/** The text of `--help`. */
export function usage(): string {
	const lines = Object.entries(OPTIONS).map(([name, { text, fallback, secret }]) => {
		const env = `AGENT_${name.toUpperCase().replaceAll("-", "_")}`;
		if (secret) return `  ${env}  ${text}; only from the environment`;
		return `  --${name}  ${text}${fallback === "" ? "" : ` (${fallback})`}`;
	});
	return `The reference stream agent. Every option may also be given as AGENT_<NAME> in the environment.\n${lines.join("\n")}\n`;
}

function commandLine(argv: readonly string[]): Map<string, string> | null {
	const names = Object.keys(OPTIONS).filter((name) => !OPTIONS[name]?.secret);
	try {
		const { values } = parseArgs({
			args: [...argv],
			strict: true,
			options: {
				help: { type: "boolean" as const },
				...Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
			},
		});
		if (values["help"] === true) return null;
		const given = new Map<string, string>();
		for (const [name, value] of Object.entries(values)) if (typeof value === "string") given.set(name, value);
		return given;
	} catch (error) {
		// parseArgs names the offending argument; what it throws has no class of its own.
		throw new BadSetting("help", `shows the options. ${error instanceof Error ? error.message : String(error)}`);
	}
}

function baseUrl(name: string, text: string): string {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url === null || !/^https?:$/.test(url.protocol)) throw new BadSetting(name, "expected an http(s) URL");
	if (url.username !== "" || url.password !== "")
		throw new BadSetting(name, "credentials do not belong into the URL; use AGENT_AUTHORIZATION");
	return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

function listenAddress(text: string): { host: string; port: number } {
	const match = /^(.+):(\d{1,5})$/.exec(text);
	const port = Number(match?.[2]);
	if (match?.[1] === undefined || port > 65535) throw new BadSetting("listen", "expected host:port");
	return { host: match[1].replace(/^\[|\]$/g, ""), port };
}
