import Type from "typebox";
import { accountId, uuid } from "./identifiers.ts";
import { text } from "./text.ts";
import { httpUrl } from "./url.ts";

const handler = (description: string) =>
	Type.Object(
		{ handler_id: uuid({ description: "Id of the handler." }) },
		{ title: "handler", description, additionalProperties: false },
	);

/** Above any token that a header takes. It bounds a page of streams, of which nothing else is so long. */
const LONGEST_TOKEN = 8_192;

const byToken = Type.Object(
	{
		token: text({
			minLength: 1,
			maxLength: LONGEST_TOKEN,
			// What a header takes: a control character would be six in an answer.
			pattern: "^[ -~]*$",
			description: "A token of the platform. A secret.",
		}),
	},
	{ title: "authorization_token", additionalProperties: false },
);
const byAccount = Type.Object(
	{ account_id: accountId },
	{ title: "authorization_account", additionalProperties: false },
);

/** Where best shots are sent to, and on whose behalf (contract, section 3). `authorization.token` is a secret. */
export const eventHandler = Type.Object(
	{
		api_version: Type.Literal(6, { description: "Version of the platform's API." }),
		origin: Type.Optional(httpUrl({ description: "Address of the platform that events are sent to." })),
		bestshot_handler: Type.Optional(handler("The handler that best shots are given to.")),
		detection_handler: Type.Optional(
			Type.Union([handler("The handler that detections are given to."), Type.Null()], {
				description: "Kept, and used no more.",
				deprecated: true,
			}),
		),
		frame_store: Type.Optional(httpUrl({ description: "Address that frames are stored at." })),
		authorization: Type.Optional(
			Type.Union([byToken, byAccount], {
				title: "authorization",
				description:
					"On whose behalf events are sent: by a token, or by an account; the stream's own when nothing is said.",
			}),
		),
	},
	{
		title: "stream_event_handler",
		description: "Where best shots are sent to, and on whose behalf.",
		additionalProperties: false,
	},
);
