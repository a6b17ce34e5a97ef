import { rawRequest } from "../load/client.ts";
import { statusRequests } from "../scenarios/status.ts";
import { telemetryRequests } from "../scenarios/telemetry.ts";
import { CREATE, type Site } from "../site.ts";
import { byTurns, type Curves, curvesOf } from "./curve.ts";

const LIVE = 10_000;

/** 1, 16 and 256 connections. */
export async function connections(site: Site, rounds: number, seconds: number): Promise<Curves> {
	await site.makeLive(LIVE);
	const telemetry = telemetryRequests(site.live, 10);
	const get = site.live.map((stream_id) => rawRequest("GET", `/1/streams/${stream_id}`));
	const head = {
		name: "connections",
		sentence: "10 items a request of feedback, one stream a request otherwise",
		along: "connections",
		values: [1, 16, 256],
	};
	return curvesOf(head, (connections) => {
		const status = statusRequests(site.live, 10, connections);
		return byTurns(
			{
				telemetry: () => site.requests(telemetry, seconds, { connections, itemsPerRequest: 10 }),
				status: () => site.requests(status, seconds, { connections, itemsPerRequest: 10 }),
				get: () => site.requests(get, seconds, { connections }),
				create: () => site.requests([CREATE], seconds, { connections, expect: 201 }),
			},
			rounds,
		);
	});
}

/** 1, 10 and 100 items a request. */
export async function items(site: Site, rounds: number, seconds: number): Promise<Curves> {
	await site.makeLive(LIVE);
	const head = {
		name: "items a request",
		sentence: "feedback over 32 connections",
		along: "items a request",
		values: [1, 10, 100],
	};
	return curvesOf(head, (itemsPerRequest) => {
		const telemetry = telemetryRequests(site.live, itemsPerRequest);
		const status = statusRequests(site.live, itemsPerRequest, 32);
		return byTurns(
			{
				telemetry: () => site.requests(telemetry, seconds, { itemsPerRequest }),
				status: () => site.requests(status, seconds, { itemsPerRequest }),
			},
			rounds,
		);
	});
}
