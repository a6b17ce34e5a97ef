import Type, { type Static } from "typebox";
import { accountId, streamId } from "../identifiers.ts";
import { streamError } from "../report.ts";
import { shownStatus } from "../status.ts";
import { autorestartStatus, streamType } from "./filter.ts";

/** Milliseconds since 1970 by the database's clock. */
const moment = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const amount = Type.Union([Type.Number(), Type.Null()]);

/** A stream as tables and tiles show it. */
export const consoleRow = Type.Object(
	{
		stream_id: streamId,
		revision: Type.Integer({ description: "Counts the changes; a row with a lower one is older." }),
		version: Type.Integer(),
		status: shownStatus,
		name: Type.String(),
		account_id: accountId,
		type: streamType,
		reference: Type.String({ description: "Credentials hidden." }),
		groups: Type.Array(Type.String()),
		create_time: Type.Number({ description: "Milliseconds since 1970." }),
		feedback_time: moment("Of the present run's last feedback; null when it does not run."),
		agent_id: Type.Union([Type.String(), Type.Null()]),
		progress: amount,
		frame_rate: amount,
		width: amount,
		height: amount,
		restart: Type.Object({
			on: Type.Boolean(),
			status: autorestartStatus,
			current_attempt: Type.Integer(),
			attempt_count: Type.Integer(),
			due_time: moment("When a failed stream restarts by itself."),
			last_attempt_time: moment("When the last attempt was made."),
		}),
		lost_count: Type.Integer({ description: "How often the handler was lost without a healthy period in between." }),
		takeable_time: moment("Until when a pending stream is held back."),
		error: Type.Union([streamError, Type.Null()]),
		pictures: Type.Object(
			{ live: Type.Boolean(), still: Type.Boolean() },
			{ description: "Which pictures its agent offers." },
		),
	},
	{ title: "console_row", description: "A stream as tables and tiles show it. Secrets are hidden." },
);
export type ConsoleRow = Static<typeof consoleRow>;
