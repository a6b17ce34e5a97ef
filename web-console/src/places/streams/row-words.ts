import type { ConsoleRow } from "../../../../client/console/protocol.ts";

/** Progress 0..1 of a source that has an end, else null. */
export function progressOf({ type, progress }: ConsoleRow): number | null {
	return type === "videofile" || type === "images" ? progress : null;
}

/** `25 fps`, one digit after the point where it says something; "" when it is not known or does not run. */
export function rateWords({ status, frame_rate }: ConsoleRow): string {
	return status === "in_progress" && frame_rate !== null && frame_rate > 0
		? `${Math.round(frame_rate * 10) / 10} fps`
		: "";
}

/** How its autorestart stands, without the countdown; "" when it is off and never did anything. */
export function restartWords({ restart }: ConsoleRow): string {
	const { on, status, current_attempt, attempt_count } = restart;
	if (!on) return "";
	if (status === "denied") return "denied";
	if (status === "failed") return `${attempt_count}/${attempt_count} used`;
	return current_attempt > 0 ? `${current_attempt}/${attempt_count}` : "on";
}

/** One line for an error: its number, its description, and its detail where that says more. */
export function errorWords(error: NonNullable<ConsoleRow["error"]>): string {
	const detail = error.detail !== "" && error.detail !== error.desc ? `: ${error.detail}` : "";
	return `${error.error_code} ${error.desc}${detail}`;
}

/** What a stream is called; its id when it has no name. */
export function nameOf({ name, stream_id }: Pick<ConsoleRow, "name" | "stream_id">): string {
	return name || stream_id;
}
