import Type from "typebox";
import { integer } from "./numbers.ts";
import { time } from "./time.ts";

const written = {
	restart: Type.Optional(Type.Enum([0, 1], { default: 0, description: "Whether a failed stream restarts by itself." })),
	attempt_count: Type.Optional(integer({ minimum: 1, default: 10, description: "How many attempts in a row." })),
	delay: Type.Optional(integer({ minimum: 1, default: 60, description: "Pause before an attempt, seconds." })),
};

/** Autorestart as it is written (contract, section 7). */
export const autorestart = Type.Object(written, {
	title: "stream_autorestart",
	description: "What happens after a failure.",
	additionalProperties: false,
	default: {},
});

/** Autorestart as it is read. */
export const autorestartRead = Type.Object(
	{
		restart: Type.Enum([0, 1]),
		attempt_count: integer({ minimum: 1 }),
		delay: integer({ minimum: 1, description: "Seconds." }),
		current_attempt: integer({ description: "Attempts since the stream was last healthy." }),
		last_attempt_time: Type.Union([time(), Type.Null()], { description: "When the last attempt was made." }),
		status: Type.Enum(["disabled", "enabled", "in_progress", "failed", "denied"], {
			description:
				"disabled: restart is 0; enabled: not needed now; in_progress: an attempt is due or running; failed: the attempts are used up; denied: the failure was fatal.",
		}),
	},
	{ title: "stream_autorestart_read", additionalProperties: false },
);
