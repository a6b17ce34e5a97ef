import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from "pino";
import { isSecretName, mask, maskSecrets, mayHoldSecrets } from "./settings/mask.ts";
import type { Settings } from "./settings/table.ts";

/** Lines that standard output does not take are kept up to this many bytes; then new ones are dropped. */
const maxUnwritten = 8 * 1_048_576;
const maxText = 16_384;
const maxCauses = 8;
const maxDepth = 12;

/** The loggers made from each: one for a part of the service or a plugin, made once. */
const children = new WeakMap<Logger, Logger[]>();

/**
 * The service's logger: one JSON object a line on standard output, with `time` in RFC 3339, the level as a word and
 * `part` in the lines of a part (`logger.child({ part: "supervisor" })`). An error belongs under `err` and is written
 * with its causes. Every finished line passes a guard that hides secrets, wherever they stand in it.
 */
export function createLogger(
	{ LUNA_STREAMS_LOGGER }: Pick<Settings, "LUNA_STREAMS_LOGGER">,
	to: DestinationStream = standardOutput(),
): Logger {
	const made: Logger[] = [];
	const log = pino(
		{
			level: LUNA_STREAMS_LOGGER.LOG_LEVEL,
			base: null,
			timestamp: stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
			serializers: { err: serializeError, error: serializeError },
			hooks: { streamWrite: guardLine },
			onChild: (child) => void made.push(child),
		},
		to,
	);
	children.set(log, made);
	return log;
}

/**
 * Standard output, which may be a file on a disk that is full: what cannot be written is kept up to a bound and tried again
 * with the next line, and lines beyond the bound are lost. It ends nothing, and nothing waits for it.
 */
function standardOutput(): DestinationStream {
	const output = destination({ dest: 1, sync: false, maxLength: maxUnwritten });
	let failing = false;
	output.on("error", () => {
		failing = true;
	});
	output.on("write", () => {
		failing = false;
	});
	const flush = output.flushSync.bind(output);
	// At the end of the process. The library would try for ever what fails because there is no room.
	output.flushSync = () => {
		if (!failing) flush();
	};
	return output;
}

/** Changes the level of a logger of `createLogger` and of all loggers made from it: each child has a level of its own. */
export function setLevel(log: Logger, level: Settings["LUNA_STREAMS_LOGGER"]["LOG_LEVEL"]): void {
	log.level = level;
	for (const child of children.get(log) ?? []) child.level = level;
}

/** An error as the log shows it. */
interface LoggedError {
	type: string;
	message: string;
	/** SQLSTATE, errno name or the number of the error catalogue. */
	code?: string | number;
	stack?: string;
	cause?: LoggedError;
	/** The members of an AggregateError. */
	errors?: LoggedError[];
}

/**
 * The name, message, code, stack and causes of whatever was thrown, and nothing else of it: errors of drivers carry
 * statements and parameters. Long texts are cut, long chains end.
 */
export function serializeError(thrown: unknown, depth = 0): LoggedError {
	if (!(thrown instanceof Error)) return { type: typeof thrown, message: cut(maskSecrets(String(thrown))) };
	const logged: LoggedError = { type: thrown.name, message: cut(maskSecrets(thrown.message)) };
	if ("code" in thrown && (typeof thrown.code === "string" || typeof thrown.code === "number"))
		logged.code = thrown.code;
	if (thrown.stack !== undefined) logged.stack = cut(maskSecrets(thrown.stack));
	if (depth >= maxCauses) return logged;
	if (thrown.cause !== undefined && thrown.cause !== null) logged.cause = serializeError(thrown.cause, depth + 1);
	if (thrown instanceof AggregateError)
		logged.errors = thrown.errors.slice(0, maxCauses).map((each) => serializeError(each, maxCauses));
	return logged;
}

function cut(text: string): string {
	return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}

/** Most lines hold nothing that looks like a secret and pass as they are. */
function guardLine(line: string): string {
	return mayHoldSecrets(line) ? `${JSON.stringify(hideSecrets(JSON.parse(line), 0))}\n` : line;
}

function hideSecrets(value: unknown, depth: number): unknown {
	if (typeof value === "string") return maskSecrets(value);
	if (typeof value !== "object" || value === null) return value;
	if (depth >= maxDepth) return mask;
	if (Array.isArray(value)) return value.map((each) => hideSecrets(each, depth + 1));
	const members = Object.entries(value).map(([name, member]) => {
		// `authorization` of an event handler is an object; what is secret in it has a name of its own.
		const opaque = isSecretName(name) && !(name === "authorization" && typeof member === "object");
		return [name, opaque ? mask : hideSecrets(member, depth + 1)];
	});
	return Object.fromEntries(members);
}
