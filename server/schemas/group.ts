import Type from "typebox";
import { accountId, groupId, groupName, streamId } from "./identifiers.ts";
import { page } from "./page.ts";
import { text } from "./text.ts";
import { time } from "./time.ts";

const description = { maxLength: 256, description: "Description of the group." };

/** What POST of a group takes (contract, section 3). */
export const groupToWrite = Type.Object(
	{
		account_id: accountId,
		group_name: groupName,
		description: Type.Optional(text({ ...description, default: "" })),
	},
	{ title: "group_to_write", additionalProperties: false },
);

export const groupPatch = Type.Object(
	{ description: text(description) },
	{ title: "group_patch", additionalProperties: false },
);

const filters = {
	account_id: Type.Optional(accountId),
	group_ids: Type.Optional(Type.Array(groupId, { description: "Groups with one of these ids." })),
	group_names: Type.Optional(
		Type.Array(text({ minLength: 1, maxLength: 128 }), { description: "Groups with one of these names." }),
	),
};
export const groupFilters = Type.Object(filters);
export const groupListQuery = Type.Object({ ...filters, ...page });

export const group = Type.Object(
	{
		account_id: accountId,
		group_name: groupName,
		group_id: groupId,
		description: text(description),
		create_time: time(),
	},
	{ title: "group", description: "A group of streams.", additionalProperties: false },
);
export const groups = Type.Array(group, { title: "groups" });
export const groupsCount = Type.Object({ groups_count: Type.Integer() }, { title: "groups_count" });
export const groupCreated = Type.Object({ group_id: groupId, group_name: groupName }, { title: "group_created" });

/** Attaching streams to a group, and detaching them (contract, section 10). */
export const link = Type.Object(
	{
		action: Type.Enum(["attach", "detach"], { description: "What to do." }),
		stream_ids: Type.Array(streamId, { minItems: 1, maxItems: 1000, description: "Streams to attach or detach." }),
		group_id: groupId,
	},
	{ title: "link", additionalProperties: false },
);
