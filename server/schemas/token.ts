import Type from "typebox";
import { ROLES } from "../access/caller.ts";
import { accountId, groupName, uuid } from "./identifiers.ts";
import { page } from "./page.ts";
import { text } from "./text.ts";
import { time } from "./time.ts";

const name = { minLength: 1, maxLength: 128, description: "For people: whose it is, or what for." };
const role = Type.Enum([...ROLES], { description: "What it may do." });
const accounts = { maxItems: 1000, description: "Accounts that it is for; null: all." };
const groups = { maxItems: 1000, description: "Groups that it is for, by name; null: all." };
const orNull = Type.Null();

/** What POST of a token takes. */
export const tokenToWrite = Type.Object(
	{
		name: text(name),
		role,
		accounts: Type.Optional(Type.Union([Type.Array(accountId, accounts), orNull])),
		groups: Type.Optional(Type.Union([Type.Array(groupName, groups), orNull])),
		expire_time: Type.Optional(Type.Union([time({ description: "When it expires; null: never." }), orNull])),
	},
	{ title: "token_to_write", additionalProperties: false },
);

const shown = {
	token_id: uuid({ description: "Id of the token." }),
	prefix: Type.String({ description: "The beginning of its text." }),
	name: Type.String({ description: name.description }),
	role,
	accounts: Type.Union([Type.Array(accountId, accounts), orNull]),
	groups: Type.Union([Type.Array(groupName, groups), orNull]),
	create_time: time(),
	expire_time: Type.Union([time(), orNull]),
	use_time: Type.Union([time({ description: "When it was last used, some seconds late." }), orNull]),
	revoke_time: Type.Union([time(), orNull]),
};

export const tokens = Type.Object({ tokens: Type.Array(Type.Object(shown, { title: "token" })) }, { title: "tokens" });
export const tokenCreated = Type.Object(
	{ ...shown, token: Type.String({ description: "The token itself, which is shown this once." }) },
	{ title: "token_created" },
);
export const tokenListQuery = Type.Object(page);
