import Type, { type Static } from "typebox";
import { AUDIT_ACTIONS } from "../../persistence/audit/audit-record.ts";
import { ROLES } from "../access/caller.ts";
import { groupId, streamId } from "./identifiers.ts";
import { integer } from "./numbers.ts";
import { text } from "./text.ts";
import { time } from "./time.ts";

const action = Type.Enum([...AUDIT_ACTIONS], { description: "What was done, or asked for." });
const orNull = Type.Null();

export const auditQuery = Type.Object({
	stream_id: Type.Optional(streamId),
	group_id: Type.Optional(groupId),
	actor: Type.Optional(
		text({ minLength: 1, maxLength: 256, description: "Records of who has this name, or is this subject." }),
	),
	actions: Type.Optional(Type.Array(action, { description: "Records of these actions." })),
	audit_time__gte: Type.Optional(time({ description: "Records of this time or later." })),
	audit_time__lt: Type.Optional(time({ description: "Records before this time." })),
	before: Type.Optional(
		Type.String({
			pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z_[0-9]{1,15}$",
			description: "The `next` of the page before: records that are older.",
		}),
	),
	page_size: Type.Optional(integer({ minimum: 1, maximum: 1000, default: 100, description: "Records on a page." })),
});

/** One record: who did what to what, and how it ended. */
const record = Type.Object(
	{
		record_number: integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
		audit_time: time({ description: "When, by the clock of the database." }),
		action,
		stream_id: Type.Union([streamId, orNull]),
		group_id: Type.Union([groupId, orNull]),
		status: integer({ minimum: 100, maximum: 599, description: "HTTP status of the answer." }),
		error_code: Type.Union([integer({ description: "Of the error catalogue; null: it was carried out." }), orNull]),
		subject: Type.String({
			description:
				"`token <token_id>`, `jwt <subject>`, `anonymous` where nobody is asked, `command line`; empty for who was not known.",
		}),
		name: Type.String({ description: "Name of the token or user." }),
		role: Type.Union([Type.Enum([...ROLES]), orNull]),
		token_prefix: Type.Union([Type.String({ description: "The beginning of the token." }), orNull]),
		address: Type.String({ description: "Where it came from." }),
		request_id: Type.String({ description: "`Luna-Request-Id` of the request." }),
		details: Type.Object(
			{},
			{ additionalProperties: Type.String(), description: "Short texts, by what they are: `name`, `reference`." },
		),
	},
	{ title: "audit_record" },
);

export const auditPage = Type.Object(
	{
		records: Type.Array(record),
		next: Type.Union([Type.String({ description: "For `before`, to go on." }), orNull]),
	},
	{ title: "audit_page" },
);
export type AuditPage = Static<typeof auditPage>;
