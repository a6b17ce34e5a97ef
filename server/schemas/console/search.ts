import Type from "typebox";
import { consoleFilter, consoleOrder } from "./filter.ts";
import { consoleRow } from "./row.ts";
import { MAX_SET } from "./sets.ts";

export const consoleSearch = Type.Object(
	{
		filter: consoleFilter,
		order: Type.Optional(consoleOrder),
		from: Type.Optional(
			Type.Integer({ minimum: 0, maximum: MAX_SET, description: "Place of the first; 0 unless given." }),
		),
		count: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: "How many; 100 unless given." })),
	},
	{ title: "console_search", description: "Which streams, and in what order.", additionalProperties: false },
);

export const consoleStreamsFound = Type.Object(
	{ total: Type.Integer({ description: "How many match." }), from: Type.Integer(), rows: Type.Array(consoleRow) },
	{ title: "console_streams_found" },
);
