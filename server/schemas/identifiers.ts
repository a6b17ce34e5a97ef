import Type, { type TSchemaOptions } from "typebox";
import { text } from "./text.ts";

const example = "557d54ec-29ad-4f3c-93b4-c9092ef12515";

/** A uuid in lower case: upper case is refused (contract, section 1). */
export function uuid(options: TSchemaOptions = {}) {
	return Type.String({
		pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
		format: "uuid",
		examples: [example],
		...options,
	});
}

export const streamId = uuid({ title: "stream_id", description: "Id of a stream." });
export const groupId = uuid({ title: "group_id", description: "Id of a group." });
export const accountId = uuid({ title: "account_id", description: "Id of the account that an object belongs to." });

export const streamName = text({ title: "stream_name", description: "Name of a stream.", maxLength: 128 });

export const groupName = Type.String({
	title: "group_name",
	description: "Name of a group; no other group has it.",
	pattern: "^[a-zA-Z0-9_-]{1,128}$",
	examples: ["hd_stream_2"],
});
