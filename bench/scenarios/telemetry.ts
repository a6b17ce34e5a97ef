import { rawRequest } from "../load/client.ts";
import type { Scenario } from "../scenario.ts";
import { FEEDBACK } from "../site.ts";

const PER_REQUEST = 10;
const VIDEO = {
	width: 1920,
	height: 1080,
	frame_rate: 25,
	bit_rate: 4_000_000,
	gop_size: 25,
	duration: 0,
	progress: 0.5,
};

/** One sign of life of each of the streams, so many in a request. */
export function telemetryRequests(live: readonly string[], perRequest: number): Buffer[] {
	const requests: Buffer[] = [];
	for (let at = 0; at + perRequest <= live.length; at += perRequest) {
		const streams = live
			.slice(at, at + perRequest)
			.map((stream_id) => ({ stream_id, version: 1, status: "in_progress", video_info: VIDEO }));
		requests.push(rawRequest("POST", FEEDBACK, JSON.stringify({ streams })));
	}
	return requests;
}

let requests: Buffer[] = [];
let bare = 0;

export const telemetry: Scenario = {
	name: "telemetry",
	sentence: "plain feedback, 10 items a request, 10,000 live streams",
	async prepare(site) {
		await site.makeLive(10_000);
		requests = telemetryRequests(site.live, PER_REQUEST);
		const modified = site.live
			.slice(0, PER_REQUEST)
			.map((stream_id) => ({ stream_id, status: "in_progress", version: 1 }));
		bare = await site.bareUws(JSON.stringify({ streams: { modified, unmodified: [] } }));
	},
	ours: (site, seconds) => site.requests(requests, seconds, { itemsPerRequest: PER_REQUEST }),
	against: {
		"bare uWebSockets.js": (site, seconds) =>
			site.requests(requests, seconds, { itemsPerRequest: PER_REQUEST, port: bare }),
	},
	bar: "≥ 150,000 items/s and ≥ 0.35 of bare uWebSockets.js",
	met: ({ rate }, ratio) => rate >= 150_000 && ratio("bare uWebSockets.js") >= 0.35,
};
