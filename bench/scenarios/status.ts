import { rawRequest } from "../load/client.ts";
import type { Scenario } from "../scenario.ts";
import { FEEDBACK } from "../site.ts";

const PER_REQUEST = 10;
const CONNECTIONS = 32;

/**
 * Feedback that changes its streams, so many in a request. Each of the connections comes back to its streams with the other
 * error, so that every item is a change with a record.
 */
export function statusRequests(live: readonly string[], perRequest: number, connections: number): Buffer[] {
	const requests: Buffer[] = [];
	const groups = Math.floor(live.length / perRequest / connections) * connections;
	for (const error_code of [1, 2])
		for (let group = 0; group < groups; group++) {
			const streams = live.slice(group * perRequest, (group + 1) * perRequest).map((stream_id) => ({
				stream_id,
				version: 1,
				status: "in_progress",
				error: { error_code, desc: "bench", detail: "" },
			}));
			requests.push(rawRequest("POST", FEEDBACK, JSON.stringify({ streams })));
		}
	return requests;
}

let requests: Buffer[] = [];

export const status: Scenario = {
	name: "status",
	sentence: "status-changing feedback, 10 items a request, durable, with log rows",
	async prepare(site) {
		await site.makeLive(10_000);
		requests = statusRequests(site.live, PER_REQUEST, CONNECTIONS);
	},
	ours: (site, seconds) => site.requests(requests, seconds, { itemsPerRequest: PER_REQUEST, connections: CONNECTIONS }),
	against: {
		"same statement": (site, seconds) => site.statements("status", CONNECTIONS * PER_REQUEST, 1, seconds),
	},
	bar: "≥ 0.7 of the same statement through the driver",
	met: (_, ratio) => ratio("same statement") >= 0.7,
};
