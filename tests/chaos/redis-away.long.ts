import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertPending } from "../main-job/pending-streams.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";
import { say, since } from "./rounds.ts";
import { type Site, type SiteNode, startSite } from "./site.ts";
import { statuses } from "./stored-log.ts";

const PERIOD = 3;
const STREAMS = 50;

describe.each([1, 3])("Redis goes for good while nodes run: %i of them", (count) => {
	let site: Site;
	let first: SiteNode;
	let last: SiteNode;

	beforeAll(async () => {
		site = await startSite({
			nodes: count,
			env: {
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: String(PERIOD),
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__INTERVAL: "0.5",
			},
		});
		first = site.nodes[0]!;
		last = site.nodes.at(-1)!;
		await eventually(async () => (await first.caller.metric("perigee_grace")) === 0, { timeoutMs: 4_000 * PERIOD });
		await site.redis.crash();
		await eventually(async () => (await last.caller.metric("perigee_cluster_up")) === 0, { timeoutMs: 20_000 });
	});
	afterAll(() => site?.stop());

	test("every node is healthy, unless it is asked about its neighbours", async () => {
		for (const { caller } of site.nodes) {
			expect((await caller.ask("GET", "/healthcheck")).status).toBe(200);
			expect((await caller.ask("GET", "/healthcheck?include_luna_services=1")).status).toBe(503);
		}
	});

	test("a stream created at one node reaches who waits at another within 1.5 s", async () => {
		const waiting = last.caller.take(1, { filters: { names: ["waited for"] }, wait: 20 });
		await eventually(async () => (await last.caller.metric("perigee_queue_waiters")) === 1);
		const began = performance.now();
		await first.caller.ask("POST", "/1/streams", streamBody({ name: "waited for" }));
		expect((await waiting).length).toBe(1);
		say(`redis away, ${count} nodes: a waiter has its stream after ${since(began).toFixed(2)} s`);
		expect(since(began)).toBeLessThan(1.5);
	});

	test("what one node changed no other overwrites, and silent streams come back", async () => {
		await site.sql`TRUNCATE streams, stream_states, stream_logs, stream_groups`;
		await insertPending(site.sql, STREAMS);
		const taken = await last.caller.take(STREAMS);
		const began = performance.now();
		const report = (status: string) =>
			last.caller.ask("POST", "/1/streams/processing/feedback", {
				streams: taken.map(({ stream_id, version }) => ({ stream_id, version, status })),
			});
		await report("in_progress");
		const [paused] = taken;
		expect((await first.caller.ask("PATCH", `/1/streams/${paused?.stream_id}`, { status: "pause" })).status).toBe(204);
		const { body } = await report("handler_lost");
		expect((body as { streams: { modified: unknown[] } }).streams.modified.length).toBe(STREAMS - 1);
		expect(await statuses(site.sql)).toEqual({ pause: 1, pending: STREAMS - 1 });
		expect((await last.caller.take(STREAMS)).length).toBe(STREAMS - 1);
		await eventually(async () => (await statuses(site.sql))["pending"] === STREAMS - 1, { timeoutMs: 30_000 });
		say(`redis away, ${count} nodes: silent streams are back after ${since(began).toFixed(1)} s`);
		// It is one node that watches, the one with the lock of the database.
		expect(since(began)).toBeLessThan(PERIOD + 10);
	});
});
