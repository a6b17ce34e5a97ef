import type { JsonText, LogRow, StreamRow } from "../../persistence/stream-row.ts";
import { type Caller, seesSecrets } from "../access/caller.ts";
import { hiddenRecord, hiddenStream } from "../console/hidden-stream.ts";
import { streamJson } from "./stream-json.ts";

/** A stream as the caller may read it: its passwords and tokens as written, or as `********`. */
export function shownStream(row: StreamRow, caller: Caller): JsonText {
	return seesSecrets(caller) ? streamJson(row) : JSON.stringify(hiddenStream(row));
}

/** `{"streams":[…]}`. */
export function shownStreams(rows: readonly StreamRow[], caller: Caller): JsonText {
	return `{"streams":[${rows.map((row) => shownStream(row, caller)).join(",")}]}`;
}

/** Records of the log as the caller may read them: what an agent said of an error may hold an address with its password. */
export function shownRecords(rows: readonly LogRow[], caller: Caller): readonly LogRow[] {
	return seesSecrets(caller) ? rows : rows.map(hiddenRecord);
}
