import Type from "typebox";

const number = Type.Integer();

export const version = Type.Object(
	{
		Version: Type.Object({
			api: Type.Integer({ description: "Version of the API." }),
			major: number,
			minor: number,
			patch: number,
		}),
	},
	{ title: "version" },
);

export const healthQuery = Type.Object({
	include_luna_services: Type.Optional(
		Type.Integer({
			minimum: 0,
			maximum: 1,
			default: 0,
			description: "Whether the services this one leans on are asked too.",
		}),
	),
});
export const health = Type.Object(
	{ execution_time: Type.Number({ description: "How long the check took, seconds." }) },
	{ title: "health" },
);

/** `GET /config`: what there is, is said by the table of settings. */
export const settingsInForce = Type.Object(
	{},
	{ title: "settings", description: "Sections, and settings by their names.", additionalProperties: true },
);

/** The body of every error answer (contract, section 1). */
export const error = Type.Object(
	{
		error_code: Type.Integer({ description: "Number of the catalogue." }),
		desc: Type.String({ description: "What kind of error it is." }),
		detail: Type.String({ description: "What is wrong." }),
	},
	{ title: "error" },
);
