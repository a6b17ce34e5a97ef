import Type, { type Static } from "typebox";
import { accountId, groupName, streamId } from "../identifiers.ts";
import { MAX_INTEGER } from "../numbers.ts";
import { shownStatus } from "../status.ts";
import { text } from "../text.ts";

/** Values of one member at most: a search line is written by hand, a list of ids is picked on a page. */
const most = 1_000;
const part = (description: string) =>
	Type.Optional(Type.Array(text({ minLength: 1, maxLength: 512 }), { maxItems: 50, description }));

export const streamType = Type.Enum(["tcp", "udp", "videofile", "images"], { description: "Kind of the source." });
export const autorestartStatus = Type.Enum(["disabled", "enabled", "in_progress", "failed", "denied"]);

/** What a search line means. */
export const consoleFilter = Type.Object(
	{
		statuses: Type.Optional(Type.Array(shownStatus, { maxItems: 6 })),
		groups: Type.Optional(Type.Array(groupName, { maxItems: most, description: "Names of groups, exact." })),
		names: part("Parts of names, any case."),
		references: part(
			"Parts of references, any case; credentials and what follows a `?`, `;`, `&`, a name like `password=` or a token are not looked at.",
		),
		types: Type.Optional(Type.Array(streamType, { maxItems: 4 })),
		account_ids: Type.Optional(Type.Array(accountId, { maxItems: most })),
		stream_ids: Type.Optional(Type.Array(streamId, { maxItems: most })),
		agents: part("Agents that process them now, by the beginnings of their names."),
		error_codes: Type.Optional(
			Type.Array(Type.Integer({ minimum: -MAX_INTEGER, maximum: MAX_INTEGER }), { maxItems: most }),
		),
		autorestart: Type.Optional(Type.Array(autorestartStatus, { maxItems: 5 })),
		words: part("Each stands in the name, the description, the reference or at the beginning of the id."),
	},
	{
		title: "console_filter",
		description:
			"Different members combine with AND, values inside one with OR; words all have to match. Parts of texts are looked for in every stream, which takes its time among a million.",
		additionalProperties: false,
	},
);
export type ConsoleFilterBody = Static<typeof consoleFilter>;

export const consoleOrder = Type.Enum(["oldest", "newest", "problems"], {
	title: "console_order",
	description: "problems: failed ones first, then held-back and lost ones, then the rest, each by age.",
});

/** Which log records are followed. */
export const logFilter = Type.Object(
	{
		account_id: Type.Optional(accountId),
		stream_ids: Type.Optional(Type.Array(streamId, { maxItems: most })),
		statuses: Type.Optional(
			Type.Array(
				Type.Enum([
					"pending",
					"in_progress",
					"done",
					"pause",
					"cancel",
					"failure",
					"restart",
					"handler_lost",
					"deleted",
				]),
				{ maxItems: 9 },
			),
		),
	},
	{ additionalProperties: false },
);
export type LogFilterBody = Static<typeof logFilter>;
