import Type, { type TSchema } from "typebox";
import { integer, MAX_INTEGER } from "./numbers.ts";
import { text } from "./text.ts";
import { time } from "./time.ts";
import { httpUrl } from "./url.ts";

/** Absent, null, or a value. */
const maybe = <S extends TSchema>(schema: S, description: string) =>
	Type.Optional(Type.Union([schema, Type.Null()], { description }));
const amount = Type.Number({ minimum: 0 });

/** What an agent has found out about the video (contract, section 3). */
export const videoInfo = Type.Object(
	{
		width: maybe(integer(), "Width of the picture, pixels."),
		height: maybe(integer(), "Height of the picture, pixels."),
		frame_rate: maybe(amount, "Frames a second."),
		bit_rate: maybe(amount, "Bits a second."),
		gop_size: maybe(amount, "Frames from one key frame to the next."),
		start_time: maybe(time(), "When the processing began."),
		duration: maybe(amount, "Length of the video, seconds; 0 when unknown."),
		progress: maybe(Type.Number({ minimum: 0, maximum: 1 }), "How much of it is done."),
	},
	{ title: "video_info", description: "What the agent found out about the video.", additionalProperties: false },
);

const link = (description: string) =>
	Type.Optional(
		Type.Union([Type.Object({ url: httpUrl() }, { title: "preview_url", additionalProperties: false }), Type.Null()], {
			description,
		}),
	);

/** Where the agent shows pictures of the stream (contract, section 11). */
export const preview = Type.Object(
	{ live: link("The live picture."), last_frame: link("The newest picture.") },
	{ title: "preview", description: "Where the agent shows pictures of the stream.", additionalProperties: false },
);

/** What went wrong, as the agent tells it (contract, section 3). */
export const streamError = Type.Object(
	{
		error_code: integer({ minimum: -MAX_INTEGER, description: "Number of the error." }),
		desc: text({ maxLength: 256, description: "Short description." }),
		detail: text({ maxLength: 2048, description: "What happened." }),
	},
	{ title: "stream_error", description: "What went wrong.", additionalProperties: false },
);

/** The three parts of a report where they are read: null when there is none. */
export const reportRead = {
	last_error: Type.Union([streamError, Type.Null()]),
	video_info: Type.Union([videoInfo, Type.Null()]),
	preview: Type.Union([preview, Type.Null()]),
};
