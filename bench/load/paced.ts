import { pause } from "../figure.ts";
import { answering } from "../processes.ts";
import { Connection, rawRequest } from "./client.ts";

/** Changes of status at a steady pace, whoever waits: each carries the moment at which it was sent. */
export interface PacedJob {
	port: number;
	path: string;
	/** In progress; each is changed once before the first comes again. */
	streams: string[];
	/** Changes a second. */
	rate: number;
	seconds: number;
}

const PER_REQUEST = 10;
const CONNECTIONS = 24;

answering(async ({ port, path, streams, rate, seconds }: PacedJob) => {
	const free = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(port)));
	const all = [...free];
	const began = performance.now();
	const due = () => Math.floor((((performance.now() - began) / 1000) * rate) / PER_REQUEST);
	let sent = 0;
	let answered = 0;
	let at = 0;
	const send = (connection: Connection) => {
		const items: string[] = [];
		const now = performance.timeOrigin + performance.now();
		for (let item = 0; item < PER_REQUEST; item++)
			items.push(
				`{"stream_id":"${streams[at++ % streams.length]}","version":1,"status":"in_progress","error":{"error_code":1,"desc":"sent ${now.toFixed(2)}.${at}","detail":""}}`,
			);
		sent++;
		connection.send(
			rawRequest("POST", path, `{"streams":[${items.join()}]}`),
			({ status }) => {
				if (status === 200) answered++;
				free.push(connection);
			},
			() => undefined,
		);
	};
	while (performance.now() - began < seconds * 1000) {
		while (sent < due()) {
			const connection = free.pop();
			if (connection === undefined) break;
			send(connection);
		}
		await pause(0.002);
	}
	while (free.length < all.length) await pause(0.01);
	for (const connection of all) connection.close();
	return { changes: answered * PER_REQUEST, wanted: due() * PER_REQUEST };
});
