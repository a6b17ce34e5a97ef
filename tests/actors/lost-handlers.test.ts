import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineOptions, StreamEngine } from "../../actors/stream-engine.ts";
import { lateness } from "../support/own-time.ts";
import { eventually } from "../support/signals.ts";
import { type Node, openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

let site: Site;
let node: Node;
let engine: StreamEngine;

const PERIOD = 1;
const short: Partial<EngineOptions> = {
	alone: true,
	obsoleting: { period: PERIOD, interval: 0.1 },
	feedback: { flushInterval: 0.05, durability: "interval" },
};

beforeAll(async () => {
	site = await openSite();
	node = await site.node(short);
	engine = node.engine;
	await graceOver();
});
afterAll(() => site.close());

async function graceOver(): Promise<void> {
	await eventually(async () => {
		const [row] = await site.sql<{ over: boolean }[]>`
			SELECT grace_time < now() AND grace_time > '-infinity' AS over FROM supervision`;
		return row?.over === true;
	});
}

async function running(): Promise<string> {
	const { stream_id } = await engine.create(written());
	await engine.take(takeRequest({ filters: { stream_ids: [stream_id] }, agent_id: "agent" }));
	return stream_id;
}

async function lost(stream_id: string): Promise<boolean> {
	return (await site.log(stream_id)).includes("handler_lost");
}

/** Seconds between the last sign of life and the record that says the handler was lost. */
async function silence(stream_id: string): Promise<number> {
	const [row] = await site.sql<{ seconds: number }[]>`
		SELECT extract(epoch FROM l.log_time - t.feedback_time)::float8 AS seconds
		FROM stream_logs l JOIN stream_states t USING (stream_id)
		WHERE stream_id = ${stream_id} AND l.status = 'handler_lost'`;
	return row!.seconds;
}

describe("a stream in progress without feedback for the obsoleting period (contract, section 8)", () => {
	test("is downgraded: handler_lost, restart, pending; after the period and not before", async () => {
		const late = lateness();
		const streams = await Promise.all(Array.from({ length: 20 }, running));
		await eventually(async () => (await Promise.all(streams.map(lost))).every(Boolean));
		for (const stream_id of streams) {
			expect(await site.log(stream_id)).toEqual(["pending", "in_progress", "handler_lost", "restart", "pending"]);
			const seconds = await silence(stream_id);
			expect(seconds).toBeGreaterThanOrEqual(PERIOD);
			expect(seconds).toBeLessThan(PERIOD + 0.7 + (lateness() - late) / 1_000);
			expect(await engine.get(stream_id, null)).toMatchObject({ status: "pending", agent_id: null, version: 1 });
		}
	});

	test("whose agent goes on reporting is never touched, and one that falls silent beside it is", async () => {
		const loud = await running();
		const quiet = await running();
		const end = performance.now() + 2.2 * PERIOD * 1_000;
		await eventually(
			async () => {
				const { modified } = await engine.feedback([{ stream_id: loud, version: 1, status: "in_progress" }], "agent");
				expect(modified.length).toBe(1);
				return performance.now() > end;
			},
			{ timeoutMs: 10_000 },
		);
		expect(await lost(loud)).toBe(false);
		await eventually(() => lost(quiet));
	});

	test("that has just been heard of by a node that has not written it yet is not downgraded by that node", async () => {
		const stream_id = await running();
		await engine.feedback([{ stream_id, version: 1, status: "in_progress" }], null);
		// The row is old, what this node knows is not.
		for (let i = 0; i < 5; i++) {
			await site.sql`UPDATE stream_states SET feedback_time = now() - interval '2 s' WHERE stream_id = ${stream_id}`;
			await engine.feedback([{ stream_id, version: 1, status: "in_progress" }], null);
			await eventually(async () => {
				const [row] = await site.sql<{ fresh: boolean }[]>`
					SELECT feedback_time > now() - interval '1 s' AS fresh FROM stream_states WHERE stream_id = ${stream_id}`;
				return row?.fresh === true;
			});
		}
		expect(await lost(stream_id)).toBe(false);
	});

	test("is never a done, failed, paused, cancelled or pending one", async () => {
		const streams = await Promise.all(Array.from({ length: 5 }, running));
		const report = (index: number, status: string) =>
			engine.feedback([{ stream_id: streams[index]!, version: 1, status }], null);
		await report(0, "done");
		await report(1, "failure");
		await engine.patch(streams[2]!, { status: "pause" }, null);
		await engine.patch(streams[3]!, { status: "cancel" }, null);
		await report(4, "handler_lost");
		const logs = await Promise.all(streams.map((id) => site.log(id)));
		await site.sql`UPDATE stream_states SET feedback_time = now() - interval '1 h'`;
		// A stream made after that is downgraded: the supervisor has looked meanwhile.
		const witness = await running();
		await eventually(() => lost(witness));
		expect(await Promise.all(streams.map((id) => site.log(id)))).toEqual(logs);
	});

	test("does not count as an attempt and changes nothing of the autorestart", async () => {
		const { stream_id } = await engine.create(written({ restart: 1 }));
		await engine.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
		await site.sql`UPDATE stream_states SET current_attempt = 2, autorestart_status = 'in_progress' WHERE stream_id = ${stream_id}`;
		engine.registry.invalidateAll();
		await eventually(() => lost(stream_id));
		expect(await engine.get(stream_id, null)).toMatchObject({
			status: "pending",
			current_attempt: 2,
			autorestart_status: "in_progress",
			last_attempt_time: null,
		});
	});
});

describe("every stream gets one period of grace", () => {
	test("after the first node's start", async () => {
		const late = lateness();
		await node.stop();
		const { stream_id } = await abandoned();
		await site.sql`UPDATE stream_states SET feedback_time = now() - interval '1 h' WHERE stream_id = ${stream_id}`;
		node = await site.node(short);
		engine = node.engine;
		await eventually(() => engine.supervisor.inGrace);
		const [begun] = await site.sql<
			{ time: string }[]
		>`SELECT (grace_time - make_interval(secs => ${PERIOD}))::text AS time FROM supervision`;
		await eventually(() => lost(stream_id));
		const [row] = await site.sql<{ seconds: number }[]>`
			SELECT extract(epoch FROM log_time - ${begun!.time}::timestamptz)::float8 AS seconds
			FROM stream_logs WHERE stream_id = ${stream_id} AND status = 'handler_lost'`;
		expect(row!.seconds).toBeGreaterThanOrEqual(PERIOD);
		expect(row!.seconds).toBeLessThan(PERIOD + 0.7 + (lateness() - late) / 1_000);
	});

	test("after the database was away, however shortly", async () => {
		await graceOver();
		const late = lateness();
		const stream_id = await running();
		// Nearly silent for long enough when the database goes away.
		await site.sql`UPDATE stream_states SET feedback_time = now() - interval '0.8 s' WHERE stream_id = ${stream_id}`;
		await loseConnections();
		await eventually(() => node.database.available);
		await eventually(() => lost(stream_id));
		expect(await silence(stream_id)).toBeGreaterThan(PERIOD + 0.8);
		expect(await silence(stream_id), "and no longer than 3 periods").toBeLessThan(
			3 * PERIOD + (lateness() - late) / 1_000,
		);
	});
});

/** A stream in progress, without any node. */
async function abandoned(): Promise<{ stream_id: string }> {
	const [row] = await site.sql<{ stream_id: string }[]>`
		UPDATE stream_states SET status = 'in_progress', run = run + 1, revision = revision + 1
		WHERE stream_id = (SELECT stream_id FROM stream_states WHERE status = 'pending' LIMIT 1) RETURNING stream_id`;
	await site.sql`DELETE FROM stream_logs WHERE stream_id = ${row!.stream_id}`;
	return row!;
}

/** Ends every connection while a statement is under way: an idle one that is cut nobody would notice. */
async function loseConnections(): Promise<void> {
	const statement = node.database.run("lists", (sql) => sql`SELECT pg_sleep(3)`);
	statement.catch(() => undefined);
	await eventually(async () => {
		const ended = await site.sql`
			SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name LIKE 'perigee %'
				AND EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')`;
		return ended.length > 0;
	});
	await expect(statement).rejects.toMatchObject({ code: 39905 });
}
