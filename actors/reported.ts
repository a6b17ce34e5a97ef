import type { JsonText } from "../persistence/stream-row.ts";

/**
 * A part of an agent's report: serialised, or a value that is serialised when it is written or shown. Of what a stream says many
 * times a second only the newest is: serialising each on its way in took a fifth of the time of a request of telemetry.
 */
export type Reported = JsonText | Readonly<object>;

/** Serialised; null stays null. */
export function jsonOf(reported: Reported | null): JsonText | null {
	return reported === null || typeof reported === "string" ? reported : JSON.stringify(reported);
}
