import type { QueueFilters } from "../../persistence/stream-row.ts";
import { queryCheck } from "../http/query.ts";
import { type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { queueLook, queueTake, takeQuery } from "../schemas/queue.ts";
import { streams } from "../schemas/stream.ts";
import { agentId } from "./agent-id.ts";
import type { RouteParts } from "./parts.ts";
import { shownStreams } from "./shown-stream.ts";

const pattern = "/1/streams/processing/queue";
const tag = "processing";

/** `/1/streams/processing/queue`: what waits for an agent (contract, section 5). */
export function queueRoutes({ engine }: RouteParts): Route[] {
	return [
		route({
			method: "GET",
			pattern,
			access: "look",
			tag,
			summary: "Look into the queue",
			description: "Oldest first. Takes nothing.",
			query: queryCheck(queueLook),
			answers: [{ status: 200, description: "Streams that wait.", schema: streams }],
			faults: [12012, 12014],
			async handle({ query: { limit, ...filters }, caller, owner }) {
				return { kind: "json", text: shownStreams(await engine.look(filters, limit, caller, owner), caller) };
			},
		}),
		route({
			method: "POST",
			pattern,
			access: "process",
			tag,
			summary: "Take streams from the queue",
			description:
				"They are in progress from now on, and handed out once. With `wait` the answer comes when there is something to take. Streams whose answer could not be delivered go back at once. `Agent-Id` names the agent.",
			body: bodyCheck(queueTake),
			query: queryCheck(takeQuery),
			headers: ["agent-id"],
			answers: [{ status: 200, description: "Streams to process.", schema: streams }],
			faults: [12012, 12022, 39905],
			lasts: async () => undefined,
			async handle(request) {
				const { body, query, signal, caller } = request;
				const agent_id = agentId(request);
				const { limit } = body;
				const filters = givenFilters(body.filters);
				const taken = await engine.take({ filters, limit, wait: query.wait ?? 0, agent_id, signal }, caller);
				if (taken.length === 0) return { kind: "json", text: shownStreams(taken, caller) };
				return { kind: "json", text: shownStreams(taken, caller), onUnsent: () => void engine.giveBack(taken) };
			},
		}),
	];
}

/** An empty list holds no value, so it is no filter: an agent that leaves its lists empty sees all. */
function givenFilters(filters: Omit<QueueFilters, "scope">): QueueFilters {
	return Object.fromEntries(Object.entries(filters).filter(([, values]) => values.length > 0));
}
