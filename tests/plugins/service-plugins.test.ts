import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";

const example = "./docs/examples/webhook-plugin.mjs";
const missing = "./docs/examples/no-plugin.mjs";
const told: Record<string, unknown>[] = [];
let service: RunningService;

const hook = createServer((request, response) => {
	let body = "";
	request.on("data", (chunk) => {
		body += chunk;
	});
	request.on("end", () => {
		told.push(JSON.parse(body));
		response.writeHead(204).end();
	});
});

beforeAll(async () => {
	hook.listen(0, "127.0.0.1");
	await once(hook, "listening");
	// A plugin's thread has the environment of the service's process.
	process.env["WEBHOOK_URL"] = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
	service = await startService({ LUNA_STREAMS_ACTIVE_PLUGINS: `${missing},${example}` });
});
afterAll(() => {
	delete process.env["WEBHOOK_URL"];
	hook.closeAllConnections();
	hook.close();
});

test("GET /plugins shows every plugin of the settings, and which of them run", async () => {
	await eventually(async () =>
		expect(await service.api.expect(200, "GET", "/plugins")).toEqual({
			plugins: [
				{ name: missing, running: 0 },
				{ name: example, running: 1 },
			],
		}),
	);
	await eventually(async () => expect(await service.api.metric("perigee_plugin_failures_total")).toBe(1));
	expect(await service.api.metric("perigee_plugins_running")).toBe(1);
});

test("the example plugin tells its web hook of a failure and of a lost handler, and of nothing else", async () => {
	const { api } = service;
	const ids = [await api.create(streamBody()), await api.create(streamBody())];
	await api.take(2);
	const [failing, lost] = ids;
	await api.feedback([{ stream_id: failing, version: 1, status: "in_progress" }]);
	await api.feedback([{ stream_id: failing, version: 1, status: "failure" }]);
	await api.feedback([{ stream_id: lost, version: 1, status: "handler_lost" }]);
	await eventually(() => expect(told.length).toBe(2));
	expect(told).toMatchObject([
		{ stream_id: failing, version: 1, status: "failure" },
		{ stream_id: lost, version: 1, status: "handler_lost" },
	]);
	expect(Math.abs(Date.now() - Date.parse(String(told[0]?.["time"])))).toBeLessThan(60_000);
});
