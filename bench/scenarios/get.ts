import { Connection, rawRequest } from "../load/client.ts";
import type { Scenario } from "../scenario.ts";

let requests: Buffer[] = [];
let bare = 0;

export const get: Scenario = {
	name: "get",
	sentence: "GET one of 10,000 live streams",
	async prepare(site) {
		await site.makeLive(10_000);
		requests = site.live.map((stream_id) => rawRequest("GET", `/1/streams/${stream_id}`));
		const connection = await Connection.open(site.service.port);
		const first = requests[0];
		const { body } = first ? await connection.ask(first) : { body: Buffer.from("{}") };
		connection.close();
		bare = await site.bareUws(body.toString());
	},
	ours: (site, seconds) => site.requests(requests, seconds),
	against: {
		"bare uWebSockets.js": (site, seconds) => site.requests(requests, seconds, { port: bare }),
	},
	bar: "≥ 0.35 of bare uWebSockets.js",
	met: (_, ratio) => (ratio["bare uWebSockets.js"] ?? 0) >= 0.35,
};
