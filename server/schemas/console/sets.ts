import Type, { type Static } from "typebox";
import { groupId, streamId, uuid } from "../identifiers.ts";
import { consoleFilter } from "./filter.ts";
import { consoleRow } from "./row.ts";

const count = Type.Integer({ minimum: 0 });

export const statusCounts = Type.Object(
	{ pending: count, in_progress: count, done: count, pause: count, cancel: count, failure: count },
	{ title: "status_counts", description: "How many streams show each status." },
);
export type StatusCounts = Static<typeof statusCounts>;

/** How many ids a set may hold. */
export const MAX_SET = 100_000;

/** Which streams are frozen into a set: those that match, or those of a list. */
export const setToMake = Type.Refine(
	Type.Object(
		{
			filter: Type.Optional(consoleFilter),
			stream_ids: Type.Optional(
				Type.Array(streamId, { minItems: 1, maxItems: MAX_SET, description: "Streams of a selection." }),
			),
		},
		{
			title: "console_set_to_make",
			description: "Which streams: a filter, or a list of ids; one of the two.",
			additionalProperties: false,
		},
	),
	({ filter, stream_ids }) => (filter === undefined) !== (stream_ids === undefined),
	() => "either filter or stream_ids must have a value",
);

export const streamSet = Type.Object(
	{
		set_id: uuid({ description: "Id of the set." }),
		total: count,
		capped: Type.Boolean({ description: "More matched than a set holds." }),
		counts: statusCounts,
		names: Type.Array(Type.String(), { description: "Names of the first ten." }),
		expires_in: Type.Number({ description: "Seconds." }),
	},
	{ title: "console_set", description: "The ids that matched, frozen." },
);
export type StreamSet = Static<typeof streamSet>;

export const setRowsQuery = Type.Object({
	from: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_SET, default: 0, description: "Place of the first." })),
	count: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100, description: "How many." })),
});

export const setRows = Type.Object(
	{
		total: count,
		from: count,
		rows: Type.Array(Type.Union([consoleRow, Type.Null()]), { description: "null: gone since." }),
	},
	{ title: "console_set_rows" },
);

export const bulkAction = Type.Enum(["pause", "resume", "cancel", "delete", "attach", "detach"], {
	title: "bulk_action",
});
export type BulkAction = Static<typeof bulkAction>;

export const actionToStart = Type.Refine(
	Type.Object(
		{ action: bulkAction, group_id: Type.Optional(groupId) },
		{
			title: "console_action_to_start",
			description: "What is done with every stream of the set; attach and detach need a group.",
			additionalProperties: false,
		},
	),
	({ action, group_id }) => (action === "attach" || action === "detach") === (group_id !== undefined),
	() => "attach and detach need group_id, and nothing else does",
);

export const actionProgress = Type.Object(
	{
		action_id: uuid({ description: "Id of the action." }),
		action: bulkAction,
		total: count,
		done: count,
		outcomes: Type.Object(
			{ applied: count, unchanged: count, refused: count, failed: count },
			{
				description:
					"Applied; unchanged: nothing was to do; refused: the action does not apply any more, or is not allowed; failed: it could not be carried out.",
			},
		),
		problems: Type.Array(
			Type.Object({
				stream_id: streamId,
				name: Type.String(),
				error_code: Type.Integer(),
				desc: Type.String(),
				detail: Type.String(),
			}),
			{ description: "The first 1,000 that were not applied, with the reason." },
		),
		finished: Type.Boolean({ description: "It is at its end; when `done` is less than `total`, it was ended before." }),
	},
	{ title: "console_action", description: "How far a bulk action is." },
);
export type ActionProgress = Static<typeof actionProgress>;
