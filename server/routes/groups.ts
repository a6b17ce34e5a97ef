import type { GroupRow } from "../../persistence/stream-row.ts";
import { queryCheck } from "../http/query.ts";
import { noContent } from "../http/reply.ts";
import { type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import {
	group,
	groupCreated,
	groupFilters,
	groupListQuery,
	groupPatch,
	groups,
	groupsCount,
	groupToWrite,
} from "../schemas/group.ts";
import { pageOf } from "../schemas/page.ts";
import { accountQuery } from "../schemas/stream.ts";
import type { RouteParts } from "./parts.ts";

const pattern = "/1/groups";
const one = `${pattern}/{group_id}`;
const tag = "groups";
const account = queryCheck(accountQuery);

/** `/1/groups` and below: groups of streams (contract, section 10). */
export function groupsRoutes({ engine }: RouteParts): Route[] {
	return [
		route({
			method: "POST",
			pattern,
			access: "operate",
			audit: "create_group",
			tag,
			summary: "Create a group",
			body: bodyCheck(groupToWrite),
			answers: [
				{
					status: 201,
					description: "The group was created.",
					schema: groupCreated,
					headers: { Location: "Path of the group." },
				},
			],
			faults: [12022, 39006],
			async handle({ body: { account_id, group_name, description = "" }, prefix, caller, trail }) {
				trail.details = { group_name };
				const created = await engine.createGroup({ account_id, group_name, description }, caller);
				trail.about({ group_id: created.group_id });
				const value = { group_id: created.group_id, group_name: created.group_name };
				const headers = { Location: `${prefix}${pattern}/${created.group_id}` };
				return { kind: "value", status: 201, value, headers };
			},
		}),
		route({
			method: "GET",
			pattern,
			access: "look",
			tag,
			summary: "List groups",
			description: "Oldest first.",
			query: queryCheck(groupListQuery),
			answers: [{ status: 200, description: "One page of groups.", schema: groups }],
			faults: [12012],
			async handle({ query: { page, page_size, ...filters }, caller, owner }) {
				const rows = await engine.listGroups(filters, pageOf({ page, page_size }), caller, owner);
				return { kind: "value", value: rows.map(groupValue) };
			},
		}),
		route({
			method: "GET",
			pattern: `${pattern}/count`,
			access: "look",
			tag,
			summary: "Count groups",
			query: queryCheck(groupFilters),
			answers: [{ status: 200, description: "How many groups match.", schema: groupsCount }],
			faults: [12012],
			async handle({ query, caller, owner }) {
				return { kind: "value", value: { groups_count: await engine.countGroups(query, caller, owner) } };
			},
		}),
		route({
			method: "GET",
			pattern: one,
			access: "look",
			tag,
			summary: "Get a group",
			query: account,
			answers: [{ status: 200, description: "The group.", schema: group }],
			faults: [12012, 39008],
			async handle({ parameters: { group_id = "" }, query: { account_id = null }, caller }) {
				return { kind: "value", value: groupValue(await engine.getGroup(group_id, account_id, caller)) };
			},
		}),
		route({
			method: "PATCH",
			pattern: one,
			access: "operate",
			audit: "patch_group",
			tag,
			summary: "Change a group's description",
			body: bodyCheck(groupPatch),
			query: account,
			answers: [{ status: 204, description: "The group was changed." }],
			faults: [12012, 12022, 39008],
			async handle({ parameters: { group_id = "" }, body, query: { account_id = null }, caller }) {
				await engine.patchGroup(group_id, body.description, account_id, caller);
				return noContent;
			},
		}),
		route({
			method: "DELETE",
			pattern: one,
			access: "operate",
			audit: "delete_group",
			tag,
			summary: "Delete a group",
			description: "Its streams stay.",
			query: account,
			answers: [{ status: 204, description: "The group is gone." }],
			faults: [12012, 39008],
			async handle({ parameters: { group_id = "" }, query: { account_id = null }, caller }) {
				await engine.removeGroup(group_id, account_id, caller);
				return noContent;
			},
		}),
	];
}

/** Members and order of the reference page. */
function groupValue({ account_id, group_name, group_id, description, create_time }: GroupRow): GroupRow {
	return { account_id, group_name, group_id, description, create_time };
}
