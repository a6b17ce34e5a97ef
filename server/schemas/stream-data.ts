import Type, { type TProperties } from "typebox";
import { integer } from "./numbers.ts";
import { text } from "./text.ts";

const pixels = (description: string) => integer({ maximum: 65_536, description });
const percent = (description: string) => Type.Number({ minimum: 0, maximum: 100, description });
/** Sums of decimal fractions come out a little beyond themselves. */
const rounding = 1e-9;

const whole = { x: 0, y: 0, width: 0, height: 0, mode: "abs" } as const;
const absolute = Type.Object(
	{
		x: pixels("Left edge, pixels."),
		y: pixels("Top edge, pixels."),
		width: pixels("Width, pixels."),
		height: pixels("Height, pixels."),
		mode: Type.Optional(Type.Literal("abs", { default: "abs", description: "Sizes are pixels." })),
	},
	{ title: "region_abs", additionalProperties: false },
);
const relative = Type.Refine(
	Type.Object(
		{
			x: percent("Left edge, percent of the frame's width."),
			y: percent("Top edge, percent of the frame's height."),
			width: percent("Width, percent of the frame's width."),
			height: percent("Height, percent of the frame's height."),
			mode: Type.Literal("percent", { description: "Sizes are percent of the frame." }),
		},
		{
			title: "region_percent",
			description: "A part of the frame: x + width and y + height are 100 at most.",
			additionalProperties: false,
		},
	),
	({ x, y, width, height }) => x + width <= 100 + rounding && y + height <= 100 + rounding,
	() => "the region ends outside the frame: x + width and y + height must not exceed 100",
);

/** A region of the frame (contract, section 3); all zero is the whole frame. */
const region = (description: string) =>
	Type.Optional(Type.Union([absolute, relative], { title: "region", description, default: whole }));

const reference = text({
	minLength: 1,
	maxLength: 512,
	description: "Where the video comes from: the address of a camera, a file, a set of images.",
	examples: ["rtsp://some_stream_address"],
});
const common = {
	reference,
	roi: region("The region in which faces and bodies are looked for."),
	droi: region("The region in which a detection must lie, relative to the original frame."),
	rotation: Type.Optional(
		Type.Enum([0, 90, 180, 270], { default: 0, description: "Rotation of the picture, degrees." }),
	),
};
const frameWidth = Type.Optional(
	integer({ minimum: 1, default: 800, description: "Width to which frames are scaled for processing, pixels." }),
);
const endless = Type.Optional(
	Type.Boolean({
		default: true,
		description: "Whether the end of the source means to connect again (true) or that the stream is done (false).",
	}),
);

function data<const T extends string, P extends TProperties>(type: T, description: string, more: P) {
	return Type.Object(
		{ type: Type.Literal(type), ...common, ...more },
		{ title: `stream_data_${type}`, description, additionalProperties: false },
	);
}

/** What a stream processes and how it is read (contract, section 3). */
export const streamData = Type.Union(
	[
		data("tcp", "A live source; an rtsp:// reference is read over TCP.", {
			preferred_program_stream_frame_width: frameWidth,
			endless,
		}),
		data("udp", "A live source; an rtsp:// reference is read over UDP.", {
			preferred_program_stream_frame_width: frameWidth,
			endless,
		}),
		data("videofile", "A video file.", { preferred_program_stream_frame_width: frameWidth }),
		data("images", "A set of images.", {}),
	],
	{
		title: "stream_data",
		description: "What is processed, and how it is read.",
		discriminator: { propertyName: "type" },
	},
);
