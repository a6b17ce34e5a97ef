import { queryCheck } from "../../http/query.ts";
import { type Route, route } from "../../http/route.ts";
import { bodyCheck } from "../../http/validation.ts";
import {
	actionProgress,
	actionToStart,
	setRows,
	setRowsQuery,
	setToMake,
	streamSet,
} from "../../schemas/console/sets.ts";
import { type ConsoleParts, tag } from "./parts.ts";

/** `/console/sets` and below, `/console/actions`: what is done with many streams at once. */
export function setsRoutes({ console: gateway }: ConsoleParts): Route[] {
	return [
		route({
			method: "POST",
			pattern: "/console/sets",
			access: "look",
			tag,
			summary: "Freeze a set of streams",
			description: "Those that match now, at most 100,000, kept for five minutes.",
			body: bodyCheck(setToMake),
			answers: [{ status: 201, description: "The set.", schema: streamSet }],
			faults: [12022],
			async handle({ body, caller, owner }) {
				return { kind: "value", status: 201, value: await gateway.sets.make(body, caller, owner) };
			},
		}),
		route({
			method: "GET",
			pattern: "/console/sets/{set_id}",
			access: "look",
			tag,
			summary: "Read a set",
			description: "Its streams as they are now, in order.",
			query: queryCheck(setRowsQuery),
			answers: [{ status: 200, description: "Some of its streams.", schema: setRows }],
			faults: [12012],
			async handle({ parameters: { set_id = "" }, query: { from = 0, count = 100 }, caller, owner }) {
				const list = gateway.sets.get(set_id, caller);
				const rows = await gateway.rows(list.slice(from, count), caller, owner);
				return { kind: "value", value: { total: list.length, from, rows } };
			},
		}),
		route({
			method: "POST",
			pattern: "/console/sets/{set_id}/actions",
			access: "operate",
			audit: "start_action",
			tag,
			summary: "Act on every stream of a set",
			description:
				"In batches, each stream as if it had been asked for by itself. What does not apply any more is told, not forced.",
			body: bodyCheck(actionToStart),
			answers: [{ status: 202, description: "It has begun.", schema: actionProgress }],
			faults: [12022, 39008],
			lasts: async () => undefined,
			async handle({ parameters: { set_id = "" }, body, caller, credentials, trail }) {
				trail.about({ group_id: body.group_id ?? null });
				trail.details = { action: body.action };
				const list = gateway.sets.get(set_id, caller);
				const progress = await gateway.actions.start(list, body, trail.author, credentials);
				const { action_id, total } = progress;
				trail.details = { action: body.action, action_id, total: String(total) };
				return { kind: "value", status: 202, value: progress };
			},
		}),
		route({
			method: "GET",
			pattern: "/console/actions/{action_id}",
			access: "look",
			tag,
			summary: "See how far an action is",
			answers: [{ status: 200, description: "How far it is.", schema: actionProgress }],
			faults: [],
			handle({ parameters: { action_id = "" }, caller }) {
				return { kind: "value", value: gateway.actions.get(action_id, caller) };
			},
		}),
		route({
			method: "DELETE",
			pattern: "/console/actions/{action_id}",
			access: "operate",
			audit: "end_action",
			tag,
			summary: "End an action",
			description: "What is under way is finished; no further stream is touched.",
			answers: [{ status: 200, description: "How far it came.", schema: actionProgress }],
			faults: [],
			async handle({ parameters: { action_id = "" }, caller, trail }) {
				trail.details = { action_id };
				return { kind: "value", value: await gateway.actions.stop(action_id, caller) };
			},
		}),
	];
}
