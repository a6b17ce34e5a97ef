import Type from "typebox";
import { ROLES } from "../access/caller.ts";
import { integer } from "./numbers.ts";

export const login = Type.Object(
	{ token: Type.String({ minLength: 1, maxLength: 4096, description: "A token, or a JWT of the provider." }) },
	{ title: "login", additionalProperties: false },
);

export const logoutQuery = Type.Object({
	everywhere: Type.Optional(
		integer({ minimum: 0, maximum: 1, default: 0, description: "1: every session of the same token or user." }),
	),
});

const names = (description: string) => Type.Union([Type.Array(Type.String(), { description }), Type.Null()]);

/** Who asks. */
export const me = Type.Object(
	{
		name: Type.String({ description: "Name of the token or user." }),
		role: Type.Enum([...ROLES], { description: "What it is to the service." }),
		mode: Type.Enum(["none", "tokens"], { description: "none: access is not controlled, and nobody logs in." }),
		accounts: names("Accounts that it sees; null: all."),
		groups: names("Groups that it sees, by name; null: all."),
		may: Type.Array(Type.String(), { description: "What it may do: look, operate, process, inspect, administer." }),
	},
	{ title: "me" },
);
