import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import type { RequestMetrics } from "../../server/http/options.ts";
import { createLogger } from "../../server/log.ts";
import { Monitoring } from "../../server/monitoring/monitoring.ts";
import { loadSettings } from "../../server/settings/load.ts";
import { ownTime } from "../support/own-time.ts";
import { eventually } from "../support/signals.ts";
import { stressService } from "../support/stress-service.ts";

const TOKEN = "T0p-S3cret==";

function settingsFor(port: number, env: Record<string, string> = {}) {
	return loadSettings({
		argv: [],
		env: {
			INFLUX_MONITORING__SEND_DATA_FOR_MONITORING: "1",
			INFLUX_MONITORING__PORT: String(port),
			INFLUX_MONITORING__TOKEN: TOKEN,
			INFLUX_MONITORING__ORGANIZATION: "luna",
			INFLUX_MONITORING__FLUSHING_PERIOD: "0.05",
			...env,
		},
	}).INFLUX_MONITORING;
}

function request(members: Partial<RequestMetrics> = {}): RequestMetrics {
	const requestId = "1700000000,00000000-0000-4000-8000-000000000001";
	return { method: "GET", route: "/1/streams", status: 200, seconds: 0.0125, requestId, errorCode: 0, ...members };
}

interface Taken {
	path: string;
	authorization: string;
	lines: string[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const take: Answer = (_, response) => response.writeHead(204).end();

/** A receiver that shows what it got and answers as the test wants. */
async function receiver(first: Answer = take) {
	const taken: Taken[] = [];
	const state = { answer: first };
	const server = createServer((incoming, response) => {
		const chunks: Buffer[] = [];
		incoming.on("data", (chunk) => chunks.push(chunk));
		incoming.on("end", () => {
			const { url = "", headers } = incoming;
			const sent = Buffer.concat(chunks);
			const body = (headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent).toString();
			taken.push({ path: url, authorization: headers.authorization ?? "", lines: body.split("\n") });
			state.answer(incoming, response, body);
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { port: (server.address() as AddressInfo).port, taken, state };
}

async function open(port: number, { env = {}, most = 50_000 }: { env?: Record<string, string>; most?: number } = {}) {
	const lines: string[] = [];
	const log = createLogger({ LUNA_STREAMS_LOGGER: { LOG_LEVEL: "trace" } }, { write: (line) => void lines.push(line) });
	const monitoring = new Monitoring({ settings: settingsFor(port, env), clock: systemClock, log, most });
	onTestFinished(() => monitoring.stop());
	await monitoring.start();
	return { monitoring, lines };
}

describe("monitoring", () => {
	test("sends a point of `requests` for each request, and one of `errors` for each error", async () => {
		const { port, taken } = await receiver();
		const { monitoring } = await open(port);
		monitoring.observe(request());
		monitoring.observe(request({ method: "POST", route: "", status: 404, errorCode: 12013 }));
		await eventually(() => monitoring.sent === 2);
		expect(taken.map(({ path, authorization }) => [path, authorization])).toEqual([
			["/api/v2/write?org=luna&bucket=luna_monitoring&precision=ns", `Token ${TOKEN}`],
		]);
		const id = "1700000000,00000000-0000-4000-8000-000000000001";
		const lines = taken[0]?.lines.map((line) => line.replace(/ \d{19}$/, " <time>"));
		expect(lines).toEqual([
			`requests,route=GET:/1/streams,service=luna-streams,status_code=200 execution_time=0.0125,request_id="${id}" <time>`,
			`requests,route=POST:unknown,service=luna-streams,status_code=404 execution_time=0.0125,request_id="${id}" <time>`,
			`errors,error_code=12013,route=POST:unknown,service=luna-streams,status_code=404 request_id="${id}" <time>`,
		]);
	});

	test("sends nothing when it is off", async () => {
		const { port, taken } = await receiver();
		const { monitoring } = await open(port, { env: { INFLUX_MONITORING__SEND_DATA_FOR_MONITORING: "0" } });
		monitoring.observe(request());
		await monitoring.stop();
		expect(taken).toEqual([]);
		expect(monitoring.lost).toBe(0);
	});

	test("sends in batches, no two points of one series with the same time", async () => {
		const { port, taken } = await receiver();
		const { monitoring } = await open(port);
		for (let at = 0; at < 2500; at++) monitoring.observe(request());
		await eventually(() => monitoring.sent === 2500);
		expect(taken.map(({ lines }) => lines.length)).toEqual([500, 500, 500, 500, 500]);
		const times = taken.flatMap(({ lines }) => lines.map((line) => line.split(" ").at(-1)));
		expect(new Set(times).size).toBe(2500);
	});

	test("sends what is left when it stops", async () => {
		const { port, taken } = await receiver();
		const { monitoring } = await open(port, { env: { INFLUX_MONITORING__FLUSHING_PERIOD: "3600" } });
		monitoring.observe(request());
		await monitoring.stop();
		expect(taken.length).toBe(1);
	});

	test("keeps points while InfluxDB is away, says so once, and once that it is back", async () => {
		const away: Answer = (_, response) => response.writeHead(503).end(`no, not even for ${TOKEN}`);
		const { port, taken, state } = await receiver(away);
		const { monitoring, lines } = await open(port);
		monitoring.observe(request());
		await eventually(() => taken.length > 3);
		monitoring.observe(request());
		expect(monitoring.sent).toBe(0);
		state.answer = take;
		await eventually(() => monitoring.sent === 2);
		expect(monitoring.lost).toBe(0);
		expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
			"InfluxDB does not take the points of monitoring",
			"InfluxDB takes points again",
		]);
		expect(lines.join("")).not.toContain(TOKEN);
	});

	test("keeps no more than its bound, the newest", async () => {
		const { port, taken, state } = await receiver((_, response) => response.writeHead(503).end());
		const { monitoring } = await open(port, { most: 100 });
		for (let at = 0; at < 1250; at++) monitoring.observe(request({ status: at }));
		await eventually(() => taken.length > 0);
		await eventually(() => monitoring.lost === 1150);
		state.answer = take;
		await eventually(() => monitoring.sent === 100);
		expect(taken.at(-1)?.lines.map((line) => Number(/status_code=(\d+)/.exec(line)?.[1]))).toEqual(
			Array.from({ length: 100 }, (_, at) => at + 1150),
		);
	});

	test("lets go of what InfluxDB refuses as bad", async () => {
		const { port, state } = await receiver((_, response) => response.writeHead(400).end("{}"));
		const { monitoring } = await open(port);
		monitoring.observe(request());
		await eventually(() => monitoring.lost === 1);
		state.answer = take;
		monitoring.observe(request());
		await eventually(() => monitoring.sent === 1);
	});

	test("of an InfluxDB that answers nothing does not hold up the stop", async () => {
		const { port, taken } = await receiver(() => undefined);
		const { monitoring } = await open(port);
		monitoring.observe(request());
		await eventually(() => taken.length === 1);
		const began = ownTime();
		await monitoring.stop();
		expect(ownTime() - began).toBeLessThan(2_000);
		expect(monitoring.lost).toBe(1);
	});

	test("of an address where nothing listens fails quietly", async () => {
		const { port } = await receiver();
		const { monitoring, lines } = await open(port === 1 ? 2 : 1);
		monitoring.observe(request());
		await eventually(() => lines.length === 1);
		expect(lines[0]).not.toContain(TOKEN);
	});

	test("starts and stops like every part, and leaves nothing behind", async () => {
		const { port } = await receiver();
		const log = createLogger({ LUNA_STREAMS_LOGGER: { LOG_LEVEL: "silent" } });
		await stressService(() => new Monitoring({ settings: settingsFor(port), clock: systemClock, log }));
	});
});
