import Type from "typebox";
import { stream } from "../stream.ts";
import { consoleRow } from "./row.ts";

/** One stream for its own page. */
export const streamDetail = Type.Object(
	{
		row: consoleRow,
		stream: Type.Object(stream.properties, {
			title: "console_stream",
			description: "The stream as it is read in `/1`, with its secrets as ********.",
			additionalProperties: false,
		}),
	},
	{ title: "console_stream_detail" },
);
