import type { JsonText, LogRow, StreamRow } from "../../persistence/stream-row.ts";
import { streamJson } from "../routes/stream-json.ts";
import { mask } from "../settings/mask.ts";
import { hiddenText, hiddenUrl } from "./hidden.ts";

type Members = Record<string, unknown>;

/** A stream as `GET /1/streams/{id}` shows it, with its secrets as `********`. */
export function hiddenStream(row: StreamRow): Members {
	const stream: Members = JSON.parse(streamJson(row));
	change(stream["data"], "reference", hiddenUrl);
	const handler = stream["event_handler"];
	change(handler, "origin", hiddenUrl);
	change(handler, "frame_store", hiddenUrl);
	if (isMembers(handler)) change(handler["authorization"], "token", () => mask);
	hideError(stream["last_error"]);
	hidePreview(stream["preview"]);
	return stream;
}

/** A record of the log with the secrets in it as `********`. */
export function hiddenRecord(row: LogRow): LogRow {
	return { ...row, error: hidden(row.error, hideError), preview: hidden(row.preview, hidePreview) };
}

function hidden(text: JsonText | null, hide: (value: unknown) => void): JsonText | null {
	if (text === null) return null;
	const value: unknown = JSON.parse(text);
	hide(value);
	return JSON.stringify(value);
}

function hideError(error: unknown): void {
	change(error, "desc", hiddenText);
	change(error, "detail", hiddenText);
}

function hidePreview(preview: unknown): void {
	if (isMembers(preview)) for (const picture of Object.values(preview)) change(picture, "url", hiddenUrl);
}

function change(holder: unknown, member: string, to: (text: string) => string): void {
	if (!isMembers(holder)) return;
	const value = holder[member];
	if (typeof value === "string") holder[member] = to(value);
}

function isMembers(value: unknown): value is Members {
	return typeof value === "object" && value !== null;
}
