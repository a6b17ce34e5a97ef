import Type, { type Static } from "typebox";
import { streamId } from "./identifiers.ts";
import { integer } from "./numbers.ts";
import { preview, streamError, videoInfo } from "./report.ts";
import { knownStatus, shownStatus } from "./status.ts";

const item = Type.Object(
	{
		stream_id: streamId,
		version: integer({ description: "Version of the stream that is processed." }),
		status: knownStatus,
		error: Type.Optional(Type.Union([streamError, Type.Null()], { description: "null clears what is kept." })),
		video_info: Type.Optional(Type.Union([videoInfo, Type.Null()])),
		preview: Type.Optional(Type.Union([preview, Type.Null()])),
	},
	{ title: "feedback_item", additionalProperties: false },
);

/** Items of one body. */
export const MAX_ITEMS = 10_000;

/** What agents tell about their streams (contract, section 6). */
export const feedback = Type.Object(
	{ streams: Type.Array(item, { maxItems: MAX_ITEMS, description: "Applied in order." }) },
	{ title: "feedback", additionalProperties: false },
);
export type Feedback = Static<typeof feedback>;

const state = Type.Object(
	{
		stream_id: streamId,
		status: Type.Enum([...shownStatus.enum, "not_found"]),
		version: integer(),
	},
	{ title: "feedback_state", description: "The stream as the server has it." },
);

export const feedbackAnswer = Type.Object(
	{
		streams: Type.Object({
			modified: Type.Array(state, { description: "What was applied." }),
			unmodified: Type.Array(state, { description: "What was not: the agent must stop these streams." }),
		}),
	},
	{ title: "feedback_answer" },
);
