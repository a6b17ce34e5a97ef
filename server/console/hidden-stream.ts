import type { StreamRow } from "../../persistence/stream-row.ts";
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
	change(stream["last_error"], "desc", hiddenText);
	change(stream["last_error"], "detail", hiddenText);
	const preview = stream["preview"];
	if (isMembers(preview)) for (const picture of Object.values(preview)) change(picture, "url", hiddenUrl);
	return stream;
}

function change(holder: unknown, member: string, to: (text: string) => string): void {
	if (!isMembers(holder)) return;
	const value = holder[member];
	if (typeof value === "string") holder[member] = to(value);
}

function isMembers(value: unknown): value is Members {
	return typeof value === "object" && value !== null;
}
