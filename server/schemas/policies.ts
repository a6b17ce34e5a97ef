import Type, { type TProperties } from "typebox";
import { integer, share } from "./numbers.ts";

/** A part of the policies: every member is optional and has a default, so the part has one too. */
function part<P extends TProperties>(title: string, description: string, properties: P) {
	return Type.Optional(Type.Object(properties, { title, description, additionalProperties: false, default: {} }));
}
const flag = (initial: boolean, description: string) => Type.Optional(Type.Boolean({ default: initial, description }));
const count = (initial: number, description: string) => Type.Optional(integer({ default: initial, description }));
const fraction = (initial: number, description: string) => Type.Optional(share({ default: initial, description }));
const degrees = (initial: number, axis: string) =>
	Type.Optional(
		Type.Number({ minimum: 0, maximum: 180, default: initial, description: `Largest ${axis} of a head, degrees.` }),
	);

const sending = part("sending", "When best shots are sent.", {
	time_period_of_searching: Type.Optional(
		integer({ minimum: -1, default: -1, description: "How long best shots are looked for; -1 until the track ends." }),
	),
	silent_period: count(0, "How long to wait between two sendings."),
	type: Type.Optional(Type.Enum(["sec", "frames"], { default: "sec", description: "Unit of the two periods." })),
	number_of_bestshots_to_send: count(1, "How many best shots a track sends; 0 is all."),
	send_only_full_set: flag(true, "Whether nothing is sent before that many are found."),
	delete_track_after_sending: flag(false, "Whether a track ends with its sending."),
});

const primaryTrack = part("primary_track_policy", "Work with the nearest person only.", {
	use_primary_track_policy: flag(false, "Whether only the primary track counts."),
	best_shot_min_size: count(70, "Smallest detection that may become the primary track, pixels."),
	best_shot_proper_size: count(140, "Size at which a detection becomes the primary track, pixels."),
});

const liveness = part("liveness", "Checks that a face is a living one.", {
	use_shoulders_liveness_filtration: flag(false, "Whether shoulders are looked at."),
	use_mask_liveness_filtration: flag(false, "Whether the background is looked at."),
	use_flying_faces_liveness_filtration: flag(false, "Whether the surroundings of the face are looked at."),
	liveness_mode: Type.Optional(Type.Enum([0, 1, 2], { default: 0, description: "Which of the checks is used." })),
	number_of_liveness_checks: count(0, "How many frames are checked."),
	liveness_threshold: fraction(0, "Score above which a face is a living one."),
	livenesses_weights: Type.Optional(
		Type.Array(share(), {
			minItems: 3,
			maxItems: 3,
			default: [0, 0, 0],
			description: "Weights of the shoulders, mask and flying faces checks.",
		}),
	),
	mask_backgrounds_count: count(0, "How many backgrounds are kept."),
});

const filtering = part("filtering", "Which detections become best shots.", {
	min_score: fraction(0.5187, "Smallest score of a detection."),
	detection_yaw_threshold: degrees(40, "yaw"),
	detection_pitch_threshold: degrees(40, "pitch"),
	detection_roll_threshold: degrees(30, "roll"),
	yaw_number: Type.Optional(integer({ minimum: 1, default: 1, description: "How many frames the yaw is taken from." })),
	yaw_collection_mode: flag(false, "Whether nothing is sent before so many frames have a good yaw."),
	mouth_occlusion_threshold: fraction(0, "Score above which a mouth counts as covered; 0 does not look."),
	min_body_size_threshold: Type.Optional(
		Type.Number({ minimum: 0, default: 0, description: "Smallest body; 0 does not look." }),
	),
});

const healthcheck = part("healthcheck", "What an agent does when frames fail.", {
	max_error_count: count(10, "Errors within a period after which the stream fails."),
	period: Type.Optional(integer({ minimum: 1, default: 3600, description: "The period, seconds." })),
	retry_delay: count(5, "Pause before connecting again, seconds."),
	timeout: Type.Optional(integer({ minimum: 1, description: "How long to wait for a frame, milliseconds." })),
});

/** How a stream is processed (contract, section 3): all of it optional, kept and returned whole. */
export const policies = Type.Object(
	{
		sending,
		primary_track_policy: primaryTrack,
		liveness,
		filtering,
		frame_processing_mode: Type.Optional(
			Type.Enum(["auto", "full_frame", "scale_frame"], {
				default: "auto",
				description: "Size of the frames processed.",
			}),
		),
		real_time_mode_fps: count(0, "Frames a second to hold; 0 is all of them."),
		ffmpeg_threads_number: count(0, "Threads for decoding; 0 is as many as there are cores."),
		healthcheck,
	},
	{ title: "stream_policies", description: "How the stream is processed.", additionalProperties: false, default: {} },
);
