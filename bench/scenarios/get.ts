import postgres from "postgres";
import { Connection, rawRequest } from "../load/client.ts";
import type { Scenario } from "../scenario.ts";

/** Streams that nobody has asked for: more than a node remembers, and each asked for once a round. */
const STORED = 60_000;
const CONNECTIONS = 32;

let known: Buffer[] = [];
let unknown: Buffer[] = [];
/** Where the next round of unknown ones begins. */
let first = 0;
/** Of one that is known, as text. */
let answer = "";
let bare = 0;
let fastify = 0;

const getOf = (stream_id: string) => rawRequest("GET", `/1/streams/${stream_id}`);

export const get: Scenario = {
	name: "get",
	sentence: "GET one of 10,000 live streams that the node knows; and one of 60,000 that it does not",
	async prepare(site) {
		await site.makeLive(10_000);
		known = site.live.map(getOf);
		// They are known from here on.
		await site.requestsOnce(known);
		const connection = await Connection.open(site.service.port);
		answer = (await connection.ask(known[0] as Buffer)).body.toString();
		connection.close();
	},
	async prepareOthers(site) {
		await site.statements("fill", STORED, 1, 0);
		const sql = postgres(site.url, { max: 1 });
		const rows = await sql<{ stream_id: string }[]>`
			SELECT stream_id FROM stream_states WHERE status = 'pending' ORDER BY number DESC LIMIT ${STORED}`;
		await sql.end();
		unknown = rows.map(({ stream_id }) => getOf(stream_id));
		first = 0;
		bare = await site.bareUws(answer);
		fastify = (await site.worker("./peers/fastify.ts").ask<{ port: number }>({ url: site.url })).port;
	},
	ours: (site, seconds) => site.requests(known, seconds, { connections: CONNECTIONS }),
	against: {
		"bare uWebSockets.js": (site, seconds) => site.requests(known, seconds, { connections: CONNECTIONS, port: bare }),
		"the same on Fastify": (site, seconds) =>
			site.requests(known, seconds, { connections: CONNECTIONS, port: fastify }),
		async "ours, not known"(site, seconds) {
			const figure = await site.requests(unknown, seconds, { connections: CONNECTIONS, first });
			first += Math.ceil(figure.rate * seconds * 1.2);
			return figure;
		},
		"point selects, pipelined": (site, seconds) => site.statements("select", 1, 6, seconds),
	},
	pairs: { "not known of point selects": ["ours, not known", "point selects, pipelined"] },
	bar: "≥ 0.35 of bare uWebSockets.js, ≥ 2× the same on Fastify; not known ≥ 0.6 of pipelined point selects",
	met: (_, ratio) =>
		ratio("bare uWebSockets.js") >= 0.35 &&
		ratio("the same on Fastify") >= 2 &&
		ratio("not known of point selects") >= 0.6,
};
