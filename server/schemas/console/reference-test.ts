import Type, { type Static } from "typebox";
import { accountId, groupName, streamId } from "../identifiers.ts";
import { reportRead } from "../report.ts";
import { streamData } from "../stream-data.ts";

/** The longest that a test may wait, seconds. */
const MAX_WAIT = 20;

/** What is tested. Regions are left out of the test: what it shows is the whole frame. */
export const referenceToTest = Type.Object(
	{
		account_id: accountId,
		data: streamData,
		group_name: Type.Optional(groupName),
		stream_id: Type.Optional(streamId),
	},
	{
		title: "console_reference_to_test",
		description:
			"A source, and for whom an agent is to try it. `stream_id` names the stream that is about to be written anew: its password stands in for ********, and its group for one that is not given.",
		additionalProperties: false,
	},
);
export type ReferenceToTest = Static<typeof referenceToTest>;

export const referenceTestQuery = Type.Object({
	wait: Type.Optional(
		Type.Number({
			minimum: 0,
			maximum: MAX_WAIT,
			default: 0,
			description: "Seconds to wait for an agent's first signs.",
		}),
	),
});

export const referenceTestResult = Type.Object(
	{
		outcome: Type.Enum(["works", "failed", "not_taken", "silent", "interrupted"], {
			description:
				"works: an agent reads it; failed: it cannot, and says why; not_taken: no agent took it in time; silent: one took it and had nothing to tell in time; interrupted: somebody paused, cancelled or deleted the test.",
		}),
		agent_id: Type.Union([Type.String(), Type.Null()], { description: "Who took it, when it named itself." }),
		video: Type.Union(
			[
				Type.Object({
					width: Type.Integer({ description: "Pixels." }),
					height: Type.Integer({ description: "Pixels." }),
					frame_rate: Type.Union([Type.Number(), Type.Null()], { description: "Frames a second." }),
				}),
				Type.Null(),
			],
			{ description: "The source's picture, before it is turned." },
		),
		error: reportRead.last_error,
		picture: Type.Union(
			[
				Type.Object({
					type: Type.String({ description: "Media type." }),
					base64: Type.String(),
				}),
				Type.Null(),
			],
			{ description: "The whole frame as the agent sees it, when it offers one." },
		),
	},
	{ title: "console_reference_test", description: "What came of a test." },
);
export type ReferenceTestResult = Static<typeof referenceTestResult>;
