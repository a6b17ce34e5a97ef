import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";

let service: RunningService;

beforeAll(async () => {
	service = await startService();
});
afterAll(() => service.stop());

/** Large rows: every one with an error of 2 KB. */
async function furnish(count: number): Promise<string[]> {
	const ids = await Promise.all(Array.from({ length: count }, () => service.api.create(streamBody())));
	const error = { error_code: 1, desc: "x", detail: "y".repeat(2_000) };
	await service.sql`UPDATE stream_states SET last_error = ${JSON.stringify(error)}::text::json`;
	return ids;
}

test("a page that takes nothing costs one state of each stream, and has the newest when it goes on", async () => {
	const ids = await furnish(60);
	const page = await PageSocket.open(service.url);
	page.say({ op: "streams", sub: 1, filter: {}, order: "oldest" });
	await page.next("snapshot");
	page.socket.pause();
	// Answers fill what the system holds for the connection, until it is behind, and stays so: the system gives it more room once or twice.
	let looks = 0;
	for (let at = 0; at < 60; at++) page.say({ op: "rows", sub: 1, from: 0, count: 500 });
	await eventually(
		async () => {
			page.say({ op: "rows", sub: 1, from: 0, count: 500 });
			looks = (await service.api.metric("perigee_console_sockets_behind")) === 1 ? looks + 1 : 0;
			return looks === 5;
		},
		{ timeoutMs: 15_000 },
	);
	const told = page.of("changes").length;
	for (const status of ["pause", "pending", "pause", "pending", "cancel"])
		await Promise.all(ids.map((id) => service.api.expect(204, "PATCH", `/1/streams/${id}`, { status })));
	page.socket.resume();
	const newest = new Map<string, string>();
	await eventually(
		() => {
			for (const { subs } of page.of("changes").slice(told))
				for (const row of subs[0]!.rows) newest.set(row.stream_id, row.status);
			return ids.every((id) => newest.get(id) === "cancel");
		},
		{ timeoutMs: 15_000 },
	);
	const rows = page
		.of("changes")
		.slice(told)
		.flatMap(({ subs }) => subs[0]!.rows);
	expect(rows.length).toBeLessThan(ids.length * 2);
	expect(page.closed).toBeNull();
	page.close();
});
