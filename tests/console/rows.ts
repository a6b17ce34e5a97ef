import type { ConsoleRow } from "../../client/console/protocol.ts";

/** The id of the stream with that number. */
export function idOf(number: number): string {
	return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** A row as the service says it; the number makes its id. */
export function rowOf(number: number, more: Partial<ConsoleRow> = {}): ConsoleRow {
	return {
		stream_id: idOf(number),
		revision: 1,
		version: 1,
		status: "in_progress",
		name: `Camera ${number}`,
		account_id: idOf(0),
		type: "tcp",
		reference: `rtsp://10.0.0.${number}/main`,
		groups: [],
		create_time: 1_000 + number,
		feedback_time: null,
		agent_id: null,
		progress: null,
		frame_rate: null,
		width: null,
		height: null,
		restart: {
			on: false,
			status: "disabled",
			current_attempt: 0,
			attempt_count: 10,
			due_time: null,
			last_attempt_time: null,
		},
		lost_count: 0,
		takeable_time: null,
		error: null,
		pictures: { live: false, still: false },
		...more,
	};
}

export function rowsOf(from: number, count: number): ConsoleRow[] {
	return Array.from({ length: count }, (_, at) => rowOf(from + at));
}
