import { queryCheck } from "../http/query.ts";
import { noContent } from "../http/reply.ts";
import { type Method, type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { link } from "../schemas/group.ts";
import { accountQuery } from "../schemas/stream.ts";
import type { RouteParts } from "./parts.ts";

const body = bodyCheck(link);
const query = queryCheck(accountQuery);

/** POST and PATCH of `/1/linker`, which are the same: attaching streams to a group and detaching them (contract, section 10). */
export function linkerRoutes(parts: RouteParts): Route[] {
	return [linker("POST", parts), linker("PATCH", parts)];
}

function linker(method: Method, { engine }: RouteParts): Route {
	return route({
		method,
		pattern: "/1/linker",
		access: "operate",
		audit: "attach",
		tag: "groups",
		summary: "Attach streams to a group, or detach them",
		description: "All of them or none. What is attached already, or detached, is no error.",
		body,
		query,
		answers: [{ status: 204, description: "All of them are attached, or detached." }],
		faults: [12012, 12022, 39001, 39008],
		async handle({ body: { action, stream_ids, group_id }, query: { account_id = null }, caller, trail }) {
			trail.action = action;
			trail.about({ stream_ids, group_id });
			await engine.link({ action, stream_ids, group_id, account_id }, caller);
			return noContent;
		},
	});
}
