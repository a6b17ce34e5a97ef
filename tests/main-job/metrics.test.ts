import { beforeAll, expect, test } from "vitest";
import { AgentPictures } from "../conformance/agent-pictures.ts";
import { eventually } from "../support/signals.ts";
import { type RunningService, startService } from "./service-fixture.ts";
import { streamBody } from "./stream-bodies.ts";

let service: RunningService;
const pictures = new AgentPictures();
beforeAll(async () => {
	service = await startService();
	await pictures.start();
	return async () => {
		await pictures.stop();
		await service.stop();
	};
});

/** All samples, by name and labels as they stand. */
async function samples(): Promise<Map<string, number>> {
	const { body } = await service.api.ask<string>("GET", "/metrics");
	const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
	return new Map(
		lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
	);
}

test("metrics tell of requests, commits, feedback, takes, streams by status, actors, the relay and the loop", async () => {
	const { api } = service;
	const ids = await Promise.all(["pending", "pending", "pause"].map((status) => api.create(streamBody({ status }))));
	const [first = ""] = ids;
	await api.expect(200, "POST", "/1/streams/processing/queue", { filters: { stream_ids: [first] }, limit: 1 });
	const preview = { last_frame: { url: pictures.url("/png") }, live: { url: pictures.url("/nowhere") } };
	await api.expect(200, "POST", "/1/streams/processing/feedback", {
		streams: [{ stream_id: first, version: 1, status: "in_progress", preview }],
	});
	await api.ask("GET", `/1/streams/${first}/preview/last_frame`);
	await api.ask("GET", `/1/streams/${first}/preview/live`);

	const seen = await samples();
	expect(seen.get('perigee_http_request_seconds_count{method="POST",route="/1/streams",status="201"}')).toBe(3);
	expect(seen.get('perigee_http_errors_total{error_code="39010"}')).toBe(1);
	expect(seen.get("perigee_creates_total")).toBe(3);
	expect(seen.get("perigee_commit_seconds_count")).toBe(seen.get("perigee_commit_streams_count"));
	expect(seen.get("perigee_commit_streams_sum")).toBe(3 + (seen.get("perigee_changes_total") ?? 0));
	expect(seen.get("perigee_feedback_items_total")).toBe(1);
	expect(seen.get("perigee_streams_taken_total")).toBe(1);
	expect(seen.get("perigee_takes_total")).toBe(1);
	expect(seen.get("perigee_actors")).toBeGreaterThan(0);
	expect(seen.get("perigee_preview_requests_total")).toBe(2);
	expect(seen.get("perigee_preview_failures_total")).toBe(1);
	expect(seen.get("perigee_preview_viewers")).toBe(0);
	for (const name of ["nodejs_eventloop_lag_p99_seconds", "perigee_console_sockets"]) expect(seen.has(name)).toBe(true);

	// Counted every few seconds while something happens, and the less often the longer it takes.
	await eventually(
		async () => {
			const now = await samples();
			const shown = ["pending", "in_progress", "pause", "done", "cancel", "failure"].map((status) =>
				now.get(`perigee_streams{status="${status}"}`),
			);
			expect(shown).toEqual([1, 1, 1, 0, 0, 0]);
		},
		{ timeoutMs: 30_000 },
	);
	// Nothing in them is per stream.
	expect([...seen.keys()].join()).not.toMatch(new RegExp(ids.join("|")));
});
