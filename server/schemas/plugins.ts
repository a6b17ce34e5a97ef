import Type from "typebox";

export const plugins = Type.Object(
	{
		plugins: Type.Array(
			Type.Object({
				name: Type.String({ description: "As it stands in the settings." }),
				running: Type.Integer({ minimum: 0, maximum: 1, description: "1 while it runs." }),
			}),
		),
	},
	{ title: "plugins" },
);
