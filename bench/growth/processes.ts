import { rawRequest } from "../load/client.ts";
import { freePort, ownRedis } from "../peers/redis.ts";
import { statusRequests } from "../scenarios/status.ts";
import { telemetryRequests } from "../scenarios/telemetry.ts";
import { Site } from "../site.ts";
import { byTurns, type Curves, curvesOf } from "./curve.ts";

const LIVE = 10_000;
const MOST = 4;

/** 1 to 4 processes that share one port, one database and one Redis. They share the processors with the load, too. */
export async function processes(rounds: number, seconds: number): Promise<Curves> {
	const redis = await ownRedis();
	const site = await Site.open([], {
		REDIS_URL: redis.url,
		LUNA_STREAMS_HTTP_SETTINGS__SHARE_PORT: "1",
		PORT: String(await freePort()),
	});
	try {
		await site.makeLive(LIVE);
		const telemetry = telemetryRequests(site.live, 10);
		const status = statusRequests(site.live, 10, 32);
		const get = site.live.map((stream_id) => rawRequest("GET", `/1/streams/${stream_id}`));
		const head = {
			name: "processes",
			sentence: "nodes of one service that share a port, 32 connections",
			along: "processes",
			values: Array.from({ length: MOST }, (_, index) => index + 1),
		};
		return await curvesOf(head, async (count) => {
			if (count > 1) await site.addNode();
			return byTurns(
				{
					telemetry: () => site.requests(telemetry, seconds, { itemsPerRequest: 10 }),
					status: () => site.requests(status, seconds, { itemsPerRequest: 10 }),
					get: () => site.requests(get, seconds),
				},
				rounds,
			);
		});
	} finally {
		await site.close();
		await redis.stop();
	}
}
