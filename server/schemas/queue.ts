import Type from "typebox";
import { groupId, streamId, streamName } from "./identifiers.ts";
import { integer } from "./numbers.ts";
import { text } from "./text.ts";

/** Values of one filter: a list of all that a site has, and what is quick to look through. */
const maxItems = 100_000;
const name = text({ minLength: 1, maxLength: 128, description: "Name of a group." });
const filters = {
	stream_ids: Type.Optional(Type.Array(streamId, { maxItems, description: "Streams with one of these ids." })),
	names: Type.Optional(Type.Array(streamName, { maxItems, description: "Streams with one of these names." })),
	group_ids: Type.Optional(Type.Array(groupId, { maxItems, description: "Streams of one of these groups." })),
	group_names: Type.Optional(Type.Array(name, { maxItems, description: "Streams of one of these groups, by name." })),
};
const limit = (description: string) => integer({ minimum: 1, description });

/** Looking into the queue (contract, section 5). */
export const queueLook = Type.Object({ limit: limit("How many streams at most."), ...filters });

/** Taking from the queue. */
export const queueTake = Type.Object(
	{
		filters: Type.Object(filters, {
			title: "queue_filters",
			description: "Which streams; {} is any. An empty list is no filter.",
			additionalProperties: false,
		}),
		limit: limit("How many streams at most."),
	},
	{ title: "queue_take", additionalProperties: false },
);

/** How long a take may wait for something to take. */
export const takeQuery = Type.Object({
	wait: Type.Optional(
		Type.Number({ minimum: 0, maximum: 60, default: 0, description: "Seconds to wait until something can be taken." }),
	),
});
