import { randomUUID } from "node:crypto";
import { Fault, unavailable } from "../../../persistence/fault.ts";
import { noContent } from "../../http/reply.ts";
import { type Route, route } from "../../http/route.ts";
import { bodyCheck } from "../../http/validation.ts";
import { savedView, savedViews, viewToSave } from "../../schemas/console/views.ts";
import { type ConsoleParts, tag } from "./parts.ts";

const pattern = "/console/views";

/** `/console/views`: what operators look at again and again, shared by those who see the same accounts and groups. */
export function viewsRoutes({ console: gateway }: ConsoleParts): Route[] {
	return [
		route({
			method: "GET",
			pattern,
			access: "look",
			tag,
			summary: "List saved views",
			description: "Of those who see the same accounts and groups as the caller; by place and name.",
			answers: [{ status: 200, description: "All of them.", schema: savedViews }],
			faults: [],
			async handle({ caller, owner }) {
				return { kind: "value", value: { views: await gateway.reads.savedViews(owner, caller) } };
			},
		}),
		route({
			method: "POST",
			pattern,
			access: "operate",
			audit: "save_view",
			tag,
			summary: "Save a view",
			description:
				"One of the same place and name is replaced. There may be 200, and 20,000 of all accounts and groups.",
			body: bodyCheck(viewToSave),
			answers: [{ status: 201, description: "The view was saved.", schema: savedView }],
			faults: [12022],
			async handle({ body: { name, place, query }, caller, trail }) {
				trail.details = { name, place };
				const saved = await gateway.reads.saveView({ view_id: randomUUID(), name, place, query }, caller);
				if (saved === null) throw unavailable("room for another view");
				return { kind: "value", status: 201, value: saved };
			},
		}),
		route({
			method: "DELETE",
			pattern: `${pattern}/{view_id}`,
			access: "operate",
			audit: "delete_view",
			tag,
			summary: "Delete a saved view",
			answers: [{ status: 204, description: "The view is gone." }],
			faults: [],
			async handle({ parameters: { view_id = "" }, caller, trail }) {
				trail.details = { view_id };
				if (!(await gateway.reads.deleteView(view_id, caller))) throw new Fault(12013);
				return noContent;
			},
		}),
	];
}
