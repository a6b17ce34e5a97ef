import type { KnownRow } from "../../actors/known-rows.ts";
import type { JsonText, StreamRow } from "../../persistence/stream-row.ts";

/**
 * The JSON of a stream as it is read (contract, section 3). What is kept as JSON text is spliced in as it is: nothing is
 * parsed on the way out. Members and their order are those of the reference page.
 */
export function streamJson(row: StreamRow): JsonText {
	return `${before(row)}${row.video_info}${after(row)}`;
}

/** The same of a row that this node knows: all but its video_info is made once. */
export function knownJson(known: KnownRow): JsonText {
	known.pieces ??= [before(known.row), after(known.row)];
	return `${known.pieces[0]}${known.video_info}${known.pieces[1]}`;
}

function before(row: StreamRow): JsonText {
	return `{"stream_id":"${row.stream_id}","account_id":"${row.account_id}","name":${JSON.stringify(row.name)},"description":${JSON.stringify(row.description)},"data":${row.data},"event_handler":${row.event_handler},"policies":${row.policies},"location":${row.location},"autorestart":${autorestartJson(row)},"version":${row.version},"create_time":"${row.create_time}","status":"${row.status}","last_error":${row.last_error},"video_info":`;
}

function after({ groups, preview }: StreamRow): JsonText {
	return `,"groups":${JSON.stringify(groups)},"preview":${preview}}`;
}

function autorestartJson(row: StreamRow): JsonText {
	const last = row.last_attempt_time === null ? "null" : `"${row.last_attempt_time}"`;
	return `{"restart":${row.restart},"attempt_count":${row.attempt_count},"delay":${row.delay},"current_attempt":${row.current_attempt},"last_attempt_time":${last},"status":"${row.autorestart_status}"}`;
}
