import Type, { type Static } from "typebox";
import { autorestart, autorestartRead } from "./autorestart.ts";
import { eventHandler } from "./event-handler.ts";
import { accountId, groupName, streamId, streamName } from "./identifiers.ts";
import { location } from "./location.ts";
import { integer } from "./numbers.ts";
import { page } from "./page.ts";
import { policies } from "./policies.ts";
import { reportRead } from "./report.ts";
import { knownStatus, shownStatus } from "./status.ts";
import { streamData } from "./stream-data.ts";
import { text } from "./text.ts";
import { time } from "./time.ts";

/** What POST and PUT of a stream take (contract, section 3). `status` lets every known word in; 39002 is about the others than pending and pause. */
export const streamToWrite = Type.Object(
	{
		account_id: accountId,
		name: Type.Optional(text({ maxLength: 128, default: "", description: "Name of the stream." })),
		description: Type.Optional(text({ maxLength: 512, default: "", description: "Description of the stream." })),
		data: streamData,
		event_handler: eventHandler,
		policies: Type.Optional(policies),
		location: Type.Optional(location),
		autorestart: Type.Optional(autorestart),
		status: Type.Optional(
			Type.Enum([...knownStatus.enum], {
				default: "pending",
				description: "Status to begin with: pending or pause.",
			}),
		),
		group_name: Type.Optional(groupName),
	},
	{ title: "stream_to_write", description: "A stream as it is written.", additionalProperties: false },
);
export type StreamToWrite = Static<typeof streamToWrite>;

/** What PATCH of a stream takes; one member at least. */
export const streamPatch = Type.Refine(
	Type.Object(
		{
			description: Type.Optional(text({ maxLength: 128, description: "New description." })),
			status: Type.Optional(Type.Enum(["pending", "pause", "cancel"], { description: "New status." })),
		},
		{ title: "stream_patch", description: "What is to change: one member at least.", additionalProperties: false },
	),
	(patch) => patch.description !== undefined || patch.status !== undefined,
	() => "at least one field must have a value",
);
export type StreamPatchBody = Static<typeof streamPatch>;

/** What DELETE of many streams takes: ids or names, one of them at least. */
export const streamsToDelete = Type.Refine(
	Type.Object(
		{
			stream_ids: Type.Optional(
				Type.Array(streamId, { maxItems: 1000, description: "Streams with one of these ids." }),
			),
			names: Type.Optional(Type.Array(streamName, { maxItems: 1000, description: "Streams with one of these names." })),
		},
		{
			title: "streams_to_delete",
			description: "Which streams: one value at least, in either list.",
			additionalProperties: false,
		},
	),
	({ stream_ids = [], names = [] }) => stream_ids.length + names.length > 0,
	() => "at least one field must have a value",
);

/** The filters of streams, as query parameters (contract, section 3). */
const filters = {
	account_id: Type.Optional(accountId),
	stream_ids: Type.Optional(Type.Array(streamId, { description: "Streams with one of these ids." })),
	names: Type.Optional(Type.Array(streamName, { description: "Streams with one of these names." })),
	reference: Type.Optional(text({ minLength: 1, maxLength: 512, description: "Streams with exactly this reference." })),
	statuses: Type.Optional(Type.Array(knownStatus, { description: "Streams in one of these statuses." })),
	create_time__gte: Type.Optional(time({ description: "Streams created at this time or later." })),
	create_time__lt: Type.Optional(time({ description: "Streams created before this time." })),
	group_name: Type.Optional(groupName),
};
export const streamFilters = Type.Object(filters);
export const streamListQuery = Type.Object({ ...filters, ...page });

/** The query parameter that restricts an object to an account. */
export const accountQuery = Type.Object({ account_id: Type.Optional(accountId) });

/** A stream as it is read (contract, section 3). */
export const stream = Type.Object(
	{
		stream_id: streamId,
		account_id: accountId,
		name: streamName,
		description: text({ maxLength: 512 }),
		data: streamData,
		event_handler: eventHandler,
		policies,
		location,
		autorestart: autorestartRead,
		version: integer({ minimum: 1, description: "Counts the PUTs." }),
		create_time: time(),
		status: shownStatus,
		last_error: reportRead.last_error,
		video_info: reportRead.video_info,
		groups: Type.Array(groupName, { description: "Groups that the stream is in." }),
		preview: reportRead.preview,
	},
	{ title: "stream", description: "A stream as it is read.", additionalProperties: false },
);

export const streams = Type.Object({ streams: Type.Array(stream) }, { title: "streams" });
export const streamsCount = Type.Object({ streams_count: Type.Integer() }, { title: "streams_count" });
export const streamVersion = Type.Object(
	{ stream_id: streamId, version: integer({ minimum: 1 }) },
	{ title: "stream_version" },
);
