import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { eventually } from "../support/signals.ts";
import { hasVictoriaMetrics, VictoriaMetrics } from "./victoria-metrics.ts";

const TOKEN = "T0p-S3cret==";

// Where the receiver is not installed this shows as skipped; the check of every change has to have it.
describe.skipIf(!hasVictoriaMetrics && process.env["CI"] === undefined)("the service with monitoring on", () => {
	const victoria = new VictoriaMetrics();
	let service: RunningService;

	beforeAll(async () => {
		if (!hasVictoriaMetrics) throw new Error("victoria-metrics is not installed: apt-get install victoria-metrics");
		await victoria.start();
		service = await startService({
			INFLUX_MONITORING__SEND_DATA_FOR_MONITORING: "1",
			INFLUX_MONITORING__PORT: String(victoria.port),
			INFLUX_MONITORING__TOKEN: TOKEN,
			INFLUX_MONITORING__FLUSHING_PERIOD: "0.1",
			LUNA_STREAMS_LOGGER__LOG_LEVEL: "trace",
		});
	});
	afterAll(() => victoria.remove());

	test("sends a point for every request and every error, and a real receiver takes them", async () => {
		const { api } = service;
		for (let at = 0; at < 300; at++) await api.ask("GET", "/1/streams/count");
		await api.ask("GET", "/nowhere");
		await api.ask("PATCH", "/version");
		const name = "requests_execution_time";
		await eventually(
			async () => expect(await victoria.count(`${name}{route="GET:/1/streams/count",status_code="200"}`)).toBe(300),
			{ timeoutMs: 10_000 },
		);
		await eventually(async () => expect(await victoria.count(`${name}{status_code=~"4.."}`)).toBe(2));
		const [found] = await victoria.series(`${name}{status_code="404"}`);
		expect(found).toMatchObject({ service: "luna-streams", route: "GET:unknown" });
		const errors = await victoria.series("errors_request_id");
		expect(errors.map(({ error_code }) => error_code).sort()).toEqual(["12013", "12021"]);
	});

	test("serves on while the receiver is away, keeps the points, and counts", async () => {
		const { api } = service;
		await eventually(async () => (await api.metric("perigee_monitoring_sent_total")) > 300);
		await victoria.stop();
		for (let at = 0; at < 50; at++) expect((await api.ask("GET", "/1/groups/count")).status).toBe(200);
		await eventually(() => service.lines.some(({ part, level }) => part === "monitoring" && level === "warn"));
		await victoria.start();
		await eventually(
			async () => expect(await victoria.count('requests_execution_time{route="GET:/1/groups/count"}')).toBe(50),
			{ timeoutMs: 10_000 },
		);
		expect(await api.metric("perigee_monitoring_lost_total")).toBe(0);
	});

	test("has the token in no log and no answer", async () => {
		const { body } = await service.api.ask<string>("GET", "/config", undefined, { Accept: "text/plain" });
		expect(body).toContain("INFLUX_MONITORING");
		expect(body).not.toContain(TOKEN);
		expect(JSON.stringify(service.lines)).not.toContain(TOKEN);
	});
});
