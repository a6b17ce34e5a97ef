import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineOptions, StreamEngine } from "../../actors/stream-engine.ts";
import { DEFAULT_POLICY } from "../../machines/policy.ts";
import { lateness } from "../support/own-time.ts";
import { eventually } from "../support/signals.ts";
import { type Node, openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

let site: Site;
let node: Node;
let engine: StreamEngine;

const policy = {
	...DEFAULT_POLICY,
	backoffFactor: 3,
	jitter: 0.5,
	maxDelay: 100,
	fatalErrorCodes: new Set([13]),
};
const options: Partial<EngineOptions> = { alone: true, healthyPeriod: 0.4, policy };

beforeAll(async () => {
	site = await openSite();
	node = await site.node({ ...options, random: () => 0.5 });
	engine = node.engine;
});
afterAll(() => site.close());

const shown = async (stream_id: string) => {
	const { status, restart, current_attempt, autorestart_status, last_attempt_time, restart_time } = await engine.get(
		stream_id,
		null,
	);
	return { status, restart, current_attempt, autorestart_status, last_attempt_time, restart_time };
};

async function make(members: Parameters<typeof written>[0] = {}): Promise<string> {
	const { stream_id } = await engine.create(written({ restart: 1, ...members }));
	return stream_id;
}

async function take(stream_id: string): Promise<void> {
	const taken = await engine.take(takeRequest({ filters: { stream_ids: [stream_id] }, wait: 5 }));
	expect(taken.length).toBe(1);
}

async function report(stream_id: string, status: string, error_code?: number): Promise<void> {
	const error = error_code === undefined ? {} : { error: { error_code, desc: "e", detail: "" } };
	const answer = await engine.feedback([{ stream_id, version: 1, status, ...error }], null);
	expect(answer.modified.length).toBe(1);
}

/** It fails, and its restart is due: whatever the delay is. */
async function failAndRestart(stream_id: string): Promise<void> {
	await take(stream_id);
	await report(stream_id, "failure");
	await dueNow(stream_id);
	await eventually(async () => (await shown(stream_id)).status === "pending");
}

async function dueNow(stream_id: string): Promise<void> {
	await site.sql`UPDATE stream_states SET restart_time = now() WHERE stream_id = ${stream_id} AND restart_time IS NOT NULL`;
}

/** Seconds from the failure's record to the restart that is due. */
async function delayOf(stream_id: string): Promise<number> {
	const [row] = await site.sql<{ seconds: number }[]>`
		SELECT extract(epoch FROM t.restart_time - max(l.log_time))::float8 AS seconds
		FROM stream_states t JOIN stream_logs l USING (stream_id) WHERE stream_id = ${stream_id} AND l.status = 'failure'
		GROUP BY t.restart_time`;
	return row!.seconds;
}

describe("a failed stream (contract, section 7)", () => {
	test("restarts within 1 s of its time: restart, pending, current_attempt + 1, last_attempt_time = now", async () => {
		const late = lateness();
		const stream_id = await make({ delay: 1 });
		expect(await shown(stream_id)).toMatchObject({ autorestart_status: "enabled", current_attempt: 0 });
		await take(stream_id);
		await report(stream_id, "failure", 5);
		expect(await shown(stream_id)).toMatchObject({ status: "failure", autorestart_status: "in_progress" });
		const due = Date.parse((await shown(stream_id)).restart_time!);
		await eventually(async () => (await shown(stream_id)).status === "pending");
		const after = await shown(stream_id);
		expect(after).toMatchObject({ current_attempt: 1, autorestart_status: "in_progress", restart_time: null });
		const made = Date.parse(after.last_attempt_time!);
		expect(made).toBeGreaterThanOrEqual(due);
		expect(made - due).toBeLessThan(1_000 + lateness() - late);
		expect(await site.log(stream_id)).toEqual(["pending", "in_progress", "failure", "restart", "pending"]);
		const [{ last_error } = { last_error: "" }] = [await engine.get(stream_id, null)];
		expect(last_error, "nothing of what the run reported is cleared").toContain('"error_code":5');
	});

	test("waits delay × BACKOFF_FACTOR^current_attempt, at most MAX_DELAY, lengthened by 0..JITTER of itself; the due time is stored", async () => {
		const stream_id = await make({ delay: 10 });
		// random() is 0.5 and JITTER 0.5: a quarter longer.
		for (const seconds of [10 * 1.25, 30 * 1.25, 90 * 1.25, 100 * 1.25, 100 * 1.25]) {
			await take(stream_id);
			await report(stream_id, "failure");
			expect(await delayOf(stream_id)).toBeCloseTo(seconds, 3);
			await dueNow(stream_id);
		}
		const slow = await make({ delay: 500 });
		await take(slow);
		await report(slow, "failure");
		expect(await delayOf(slow), "MAX_DELAY never shortens delay itself").toBeCloseTo(500 * 1.25, 3);
	});

	test("is failed for good when its attempts are used up", async () => {
		const stream_id = await make({ attempt_count: 2 });
		await failAndRestart(stream_id);
		await failAndRestart(stream_id);
		await take(stream_id);
		await report(stream_id, "failure");
		expect(await shown(stream_id)).toMatchObject({
			status: "failure",
			autorestart_status: "failed",
			current_attempt: 2,
			restart_time: null,
		});
	});

	test("whose error is fatal is denied, and one with restart 0 stays disabled: neither restarts", async () => {
		const fatal = await make();
		await take(fatal);
		await report(fatal, "failure", 13);
		expect(await shown(fatal)).toMatchObject({ autorestart_status: "denied", restart_time: null });
		const never = await make({ restart: 0 });
		await take(never);
		await report(never, "failure", 1);
		expect(await shown(never)).toMatchObject({ autorestart_status: "disabled", restart_time: null });
	});

	test("counts on when it comes up and dies again before HEALTHY_PERIOD, and begins anew after it", async () => {
		const stream_id = await make();
		await failAndRestart(stream_id);
		await take(stream_id);
		await report(stream_id, "in_progress");
		expect(await shown(stream_id)).toMatchObject({ current_attempt: 1, autorestart_status: "in_progress" });
		await report(stream_id, "failure");
		await dueNow(stream_id);
		await take(stream_id);
		expect(await shown(stream_id)).toMatchObject({ current_attempt: 2, autorestart_status: "in_progress" });
		const { last_attempt_time } = await shown(stream_id);
		const begin = performance.now();
		await eventually(async () => {
			await report(stream_id, "in_progress");
			return (await shown(stream_id)).current_attempt === 0;
		});
		expect(performance.now() - begin).toBeGreaterThanOrEqual(390);
		expect(await shown(stream_id)).toMatchObject({ autorestart_status: "enabled", last_attempt_time });
		expect((await site.log(stream_id)).at(-1)).toBe("in_progress");
	});

	test.each([
		["pause", "enabled"],
		["cancel", "enabled"],
	] as const)(
		"patched %s while its restart is due is disarmed: status enabled, counters stay",
		async (status, autorestart_status) => {
			const stream_id = await make();
			await failAndRestart(stream_id);
			const { last_attempt_time } = await shown(stream_id);
			await take(stream_id);
			await report(stream_id, "failure");
			await engine.patch(stream_id, { status }, null);
			const rest = { current_attempt: 1, last_attempt_time, restart_time: null };
			expect(await shown(stream_id)).toMatchObject({ status, autorestart_status, ...rest });
		},
	);

	test("done after a restart is disarmed, too", async () => {
		const stream_id = await make();
		await failAndRestart(stream_id);
		await take(stream_id);
		await report(stream_id, "done");
		expect(await shown(stream_id)).toMatchObject({ autorestart_status: "enabled", current_attempt: 1 });
	});

	test("patched pending and PUT start anew: current_attempt 0, last_attempt_time null", async () => {
		for (const renew of [
			(id: string) => engine.patch(id, { status: "pending" }, null),
			(id: string) => engine.recreate(id, written({ restart: 1 }), null),
		]) {
			const stream_id = await make();
			await failAndRestart(stream_id);
			await take(stream_id);
			await report(stream_id, "failure");
			await renew(stream_id);
			expect(await shown(stream_id)).toMatchObject({
				status: "pending",
				autorestart_status: "enabled",
				current_attempt: 0,
				last_attempt_time: null,
				restart_time: null,
			});
		}
	});

	test("that fell due while nobody watched follows at once, oldest first, and on a node that has an old copy of it as well", async () => {
		const streams: string[] = [];
		for (let i = 0; i < 30; i++) streams.push(await make());
		await engine.take(takeRequest({ filters: { stream_ids: streams } }));
		// The other node knows them as in progress, and hears of nothing.
		const other = await site.node({ ...options, alone: false });
		const items = streams.map((stream_id) => ({ stream_id, version: 1, status: "in_progress" }));
		await other.engine.feedback(items, null);
		await node.engine.feedback(
			items.map((item) => ({ ...item, status: "failure" })),
			null,
		);
		await node.stop();
		await site.sql`
			UPDATE stream_states SET restart_time = now() - interval '1 h' + make_interval(secs => i.ordinality)
			FROM unnest(${streams}::uuid[]) WITH ORDINALITY i (stream_id) WHERE stream_states.stream_id = i.stream_id`;
		await eventually(
			async () => {
				const [row] = await site.sql<{ left: number }[]>`
					SELECT count(*)::integer AS left FROM stream_states
					WHERE stream_id = ANY (${streams}::uuid[]) AND status <> 'pending'`;
				return row?.left === 0;
			},
			{ timeoutMs: 2_000 },
		);
		const restarted = await site.sql<{ stream_id: string }[]>`
			SELECT stream_id FROM stream_logs WHERE stream_id = ANY (${streams}::uuid[]) AND status = 'restart'
			ORDER BY record_number`;
		expect(restarted.map((row) => row.stream_id)).toEqual(streams);
		node = await site.node(options);
		engine = node.engine;
	});
});
