import type { Change } from "../../persistence/streams/commit.ts";
import { account } from "./stored-stream.ts";

/** A change to done, of a stream in its first revision, with its record; what a test does not say is filled in. */
export function aChange(stream_id: string, members: Partial<Change> = {}): Change {
	return {
		stream_id,
		revision: 1,
		account_id: account,
		status: "done",
		version: 1,
		agent_id: null,
		restart: 0,
		attempt_count: 10,
		delay: 60,
		current_attempt: 0,
		autorestart_status: "disabled",
		lost_count: 0,
		last_error: null,
		video_info: undefined,
		preview: undefined,
		feedback_age: null,
		first_feedback: false,
		last_attempt: "keep",
		restart_in: "keep",
		takeable_in: "keep",
		silent_for: null,
		if_due: false,
		definition: null,
		group_ids: [],
		description: null,
		records: [{ status: "done", version: 1, reported: false, error: null, video_info: undefined, preview: undefined }],
		...members,
	};
}

/** A definition, as a PUT writes it; what a test does not say is filled in. */
export function aDefinition(
	members: Partial<NonNullable<Change["definition"]>> = {},
): NonNullable<Change["definition"]> {
	return {
		account_id: account,
		name: "new",
		description: "",
		data_type: "videofile",
		reference: "r",
		data: '{"b": 1, "a": 2}',
		event_handler: "{}",
		policies: "{}",
		location: "{}",
		restart: 1,
		attempt_count: 2,
		delay: 3,
		status: "pending",
		group_name: "north",
		...members,
	};
}
