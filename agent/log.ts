import { pino } from "pino";
import { maskText } from "./masking.ts";

/** What the agent's parts need of a log. */
export interface Log {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
	child(fields: Record<string, string | number>): Log;
}

/** JSON lines on stdout. Credentials in URLs are masked wherever they stand. */
export function createLog(level: string, agent_id: string): Log {
	return pino({
		level,
		base: { agent_id },
		formatters: { level: (label) => ({ level: label }) },
		timestamp: pino.stdTimeFunctions.isoTime,
		redact: { paths: ["authorization", "reference"], censor: "********" },
		serializers: { err: (error: unknown) => maskText(describe(error)) },
	});
}

/** An error in one line, with the cause that fetch hides behind "fetch failed". */
export function describe(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const cause = error.cause instanceof Error && error.cause.message !== "" ? `: ${error.cause.message}` : "";
	return `${error.message}${cause}`;
}
