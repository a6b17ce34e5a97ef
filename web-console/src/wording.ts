import type { Status, Stream } from "./stream.ts";

/** The word for a status; the API's own words are kept where they are English. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
	failure: "Failure",
	pending: "Pending",
	in_progress: "In progress",
	pause: "Paused",
	done: "Done",
	cancel: "Cancelled",
};

/** `640 × 360 · 15 fps`, or as much of it as is known. */
export function pictureFacts(stream: Stream): string {
	const { width, height, fps } = stream.video;
	const parts: string[] = [];
	if (width !== undefined && height !== undefined && width > 0) parts.push(`${width} × ${height}`);
	if (fps !== undefined && fps > 0) parts.push(`${rounded(fps)} fps`);
	return parts.join(" · ");
}

/** Percent done of a source that has an end, else undefined. */
export function percentDone(stream: Stream): number | undefined {
	const { progress } = stream.video;
	if (progress === undefined || (stream.type !== "videofile" && stream.type !== "images")) return undefined;
	return Math.round(Math.min(1, Math.max(0, progress)) * 100);
}

/** What autorestart is about to do, or has done; empty when it is off or there is nothing to tell. */
export function restartFacts(stream: Stream): string {
	const autorestart = stream.autorestart;
	if (autorestart === undefined) return "";
	const { status, attempts, current } = autorestart;
	if (status === "failed") return `Not restarted again: all ${attempts} attempts used`;
	if (status === "denied") return "Not restarted: the failure is final";
	if (stream.status === "failure") return `Restarts by itself, attempt ${current + 1} of ${attempts}`;
	return current > 0 ? `Restarted, attempt ${current} of ${attempts}` : "Restarts by itself";
}

/** One line for an error: its number, its description, and its detail where that says more. */
export function errorText(error: NonNullable<Stream["lastError"]>): string {
	const detail = error.detail !== "" && error.detail !== error.desc ? `: ${error.detail}` : "";
	return `${error.desc}${detail} (${error.code})`;
}

function rounded(value: number): string {
	return String(Math.round(value * 10) / 10);
}
