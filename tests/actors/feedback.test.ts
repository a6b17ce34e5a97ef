import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FeedbackItem } from "../../actors/engine.ts";
import type { StreamEngine } from "../../actors/stream-engine.ts";
import { DEFAULT_POLICY } from "../../machines/policy.ts";
import { ownTime } from "../support/own-time.ts";
import { eventually } from "../support/signals.ts";
import { openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

let site: Site;
let engine: StreamEngine;
/** Flushes only when told to. */
let patient: StreamEngine;

beforeAll(async () => {
	site = await openSite();
	({ engine } = await site.node({ alone: true }));
	({ engine: patient } = await site.node({ feedback: { flushInterval: 600, durability: "interval" } }));
});
afterAll(() => site.close());

const UNKNOWN = "7f000000-0000-4000-8000-000000000000";
const error = { error_code: 7, desc: "no signal", detail: "frame 1" };

/** A stream in progress that has reported once: whatever follows is plain. */
async function running(agent_id: string | null = null, on = engine): Promise<string> {
	const { stream_id } = await on.create(written());
	const taken = await on.take(takeRequest({ filters: { stream_ids: [stream_id] }, agent_id }));
	expect(taken.length).toBe(1);
	await on.feedback([{ stream_id, version: 1, status: "in_progress" }], agent_id);
	return stream_id;
}

const report = (stream_id: string, members: Partial<FeedbackItem> = {}, agent_id: string | null = null, on = engine) =>
	on.feedback([{ stream_id, version: 1, status: "in_progress", ...members }], agent_id);

interface Stored {
	status: string;
	video_info: unknown;
	preview: unknown;
	last_error: unknown;
	revision: string;
	age: number;
	silence: number;
}

async function stored(stream_id: string): Promise<Stored> {
	const [row] = await site.sql<Stored[]>`
		SELECT status, video_info, preview, last_error, revision, extract(epoch FROM now() - feedback_time)::float8 AS age
		FROM stream_states WHERE stream_id = ${stream_id}`;
	return row!;
}

describe("the answer to feedback (contract, section 6)", () => {
	test("names every item once: modified, unmodified, not_found, each with the server's state", async () => {
		const plain = await running();
		const done = await running();
		const paused = await running();
		await engine.patch(paused, { status: "pause" }, null);
		const old = await running();
		await engine.recreate(old, written(), null);
		const answer = await engine.feedback(
			[
				{ stream_id: plain, version: 1, status: "in_progress" },
				{ stream_id: UNKNOWN, version: 3, status: "in_progress" },
				{ stream_id: done, version: 1, status: "done" },
				{ stream_id: paused, version: 1, status: "in_progress" },
				{ stream_id: old, version: 1, status: "in_progress" },
			],
			null,
		);
		expect(answer.modified).toEqual([
			{ stream_id: plain, version: 1, status: "in_progress" },
			{ stream_id: done, version: 1, status: "done" },
		]);
		expect(answer.unmodified).toEqual([
			{ stream_id: UNKNOWN, version: 3, status: "not_found" },
			{ stream_id: paused, version: 1, status: "pause" },
			{ stream_id: old, version: 2, status: "pending" },
		]);
	});

	test("is empty for no items", async () => {
		expect(await engine.feedback([], null)).toEqual({ modified: [], unmodified: [] });
	});

	test("a version that is not the stream's is unmodified, be it older or newer", async () => {
		const stream_id = await running();
		for (const version of [0, 2])
			expect((await report(stream_id, { version, status: "done" })).unmodified).toEqual([
				{ stream_id, version: 1, status: "in_progress" },
			]);
		expect((await stored(stream_id)).status).toBe("in_progress");
	});

	test("a status that is not in_progress, done, failure or handler_lost makes its item unmodified", async () => {
		const stream_id = await running();
		for (const status of ["pending", "pause", "cancel", "restart", "deleted", "not_found"])
			expect((await report(stream_id, { status, error })).unmodified, status).toEqual([
				{ stream_id, version: 1, status: "in_progress" },
			]);
		expect((await stored(stream_id)).last_error).toBeNull();
	});

	test("a late in_progress after a pause is unmodified and not logged, whatever it says", async () => {
		const stream_id = await running();
		await engine.patch(stream_id, { status: "pause" }, null);
		const log = await site.log(stream_id);
		const answer = await report(stream_id, { error, video_info: '{"width":1}', preview: "{}" });
		expect(answer.unmodified).toEqual([{ stream_id, version: 1, status: "pause" }]);
		expect(await site.log(stream_id)).toEqual(log);
		expect(await stored(stream_id)).toMatchObject({ last_error: null, video_info: null, preview: null });
	});

	test("several items of one stream apply in order", async () => {
		const stream_id = await running();
		const answer = await engine.feedback(
			[
				{ stream_id, version: 1, status: "in_progress", video_info: '{"width":1}' },
				{ stream_id, version: 1, status: "in_progress", error },
				{ stream_id, version: 1, status: "failure", video_info: '{"width":3}' },
				{ stream_id, version: 1, status: "in_progress" },
				{ stream_id, version: 1, status: "done" },
			],
			null,
		);
		expect(answer.modified.map(({ status }) => status)).toEqual(["in_progress", "in_progress", "failure"]);
		expect(answer.unmodified.map(({ status }) => status)).toEqual(["failure", "failure"]);
		const records = await site.sql`
			SELECT status, error, video_info FROM stream_logs WHERE stream_id = ${stream_id} ORDER BY record_number OFFSET 2`;
		expect([...records]).toEqual([
			{ status: "in_progress", error, video_info: { width: 1 } },
			{ status: "failure", error, video_info: { width: 3 } },
		]);
		expect(await stored(stream_id)).toMatchObject({ status: "failure", last_error: error, video_info: { width: 3 } });
	});
});

describe("an Agent-Id", () => {
	test("another one than that of the take makes the item unmodified; its own and none do not", async () => {
		const stream_id = await running("agent-1");
		for (const status of ["in_progress", "done", "failure", "handler_lost"])
			expect((await report(stream_id, { status, error }, "agent-2")).unmodified, status).toEqual([
				{ stream_id, version: 1, status: "in_progress" },
			]);
		expect((await report(stream_id, {}, "agent-1")).modified.length).toBe(1);
		expect((await report(stream_id, {}, null)).modified.length).toBe(1);
		expect((await engine.get(stream_id, null)).agent_id).toBe("agent-1");
		expect((await report(stream_id, { status: "done" }, "agent-1")).modified.length).toBe(1);
		expect((await engine.get(stream_id, null)).agent_id, "it is kept while in progress").toBeNull();
	});

	test("of a stream taken without one does not matter", async () => {
		const stream_id = await running();
		expect((await report(stream_id, { status: "done" }, "agent-2")).modified.length).toBe(1);
	});
});

describe("what feedback says", () => {
	test("null and absent keep what is stored, except error: null, which clears last_error", async () => {
		const stream_id = await running();
		const preview = '{"live":{"url":"http://10.0.0.1/live"},"last_frame":null}';
		await report(stream_id, { error, video_info: '{"width":640}', preview });
		await report(stream_id, { video_info: null, preview: null });
		await report(stream_id);
		const said = { video_info: { width: 640 }, preview: JSON.parse(preview), last_error: error };
		expect(await stored(stream_id)).toMatchObject(said);
		await report(stream_id, { error: null });
		expect(await stored(stream_id)).toMatchObject({ ...said, last_error: null });
		await report(stream_id, { status: "done" });
		expect(await stored(stream_id)).toMatchObject({ ...said, status: "done", last_error: null });
	});

	test("a given video_info or preview replaces the stored one whole", async () => {
		const stream_id = await running();
		await report(stream_id, { video_info: '{"width":1,"height":2}', preview: '{"live":{"url":"http://a/"}}', error });
		await report(stream_id, { video_info: '{"width":3}', preview: '{"last_frame":{"url":"http://b/"}}' });
		expect(await stored(stream_id)).toMatchObject({
			video_info: { width: 3 },
			preview: { last_frame: { url: "http://b/" } },
		});
	});

	test("leaves a record only if error_code or desc differ, or null became an object or the other way round", async () => {
		const stream_id = await running();
		const steps: [Partial<FeedbackItem>, number][] = [
			[{ error: null }, 0],
			[{}, 0],
			[{ video_info: '{"width":1}' }, 0],
			[{ preview: '{"live":null}' }, 0],
			[{ error }, 1],
			[{ error }, 0],
			[{ error: { ...error, detail: "frame 2" } }, 0],
			[{ error: { ...error, desc: "other" } }, 1],
			[{ error: { ...error, desc: "other", error_code: 8 } }, 1],
			[{}, 0],
			[{ error: null }, 1],
			[{ error: null }, 0],
		];
		let records = (await site.log(stream_id)).length;
		for (const [index, [members, more]] of steps.entries()) {
			await report(stream_id, members);
			records += more;
			expect((await site.log(stream_id)).length, `after step ${index}`).toBe(records);
		}
	});

	test("a detail that changed is stored though it leaves no record", async () => {
		const stream_id = await running();
		await report(stream_id, { error });
		await report(stream_id, { error: { ...error, detail: "frame 2" } });
		expect((await stored(stream_id)).last_error).toEqual({ ...error, detail: "frame 2" });
	});

	test("the records from feedback show error, video_info and preview; every other one shows null", async () => {
		const stream_id = await running();
		await report(stream_id, { error, video_info: '{"width":1}', preview: '{"live":null}' });
		await report(stream_id, { status: "handler_lost" });
		const records = await site.sql`
			SELECT status, error, video_info, preview FROM stream_logs WHERE stream_id = ${stream_id} ORDER BY record_number`;
		const bare = { error: null, video_info: null, preview: null };
		const full = { error, video_info: { width: 1 }, preview: { live: null } };
		expect([...records]).toEqual([
			{ status: "pending", ...bare },
			{ status: "in_progress", ...bare },
			{ status: "in_progress", ...full },
			{ status: "handler_lost", ...full },
			{ status: "restart", ...bare },
			{ status: "pending", ...bare },
		]);
	});

	test("the record of a change shows the newest telemetry, written or not", async () => {
		const stream_id = await running(null, patient);
		await report(stream_id, { video_info: '{"progress":0.9}' }, null, patient);
		await report(stream_id, { status: "done" }, null, patient);
		const [record] = await site.sql`
			SELECT video_info FROM stream_logs WHERE stream_id = ${stream_id} AND status = 'done'`;
		expect(record?.["video_info"]).toEqual({ progress: 0.9 });
		expect((await stored(stream_id)).video_info).toEqual({ progress: 0.9 });
	});

	test("every feedback leaves a record, committed before the answer, when LOG_FEEDBACK is all", async () => {
		const { engine } = await site.node({ policy: { ...DEFAULT_POLICY, logFeedback: "all" } });
		const stream_id = await running(null, engine);
		for (let i = 0; i < 3; i++) {
			await report(stream_id, { video_info: `{"width":${i}}` }, null, engine);
			expect((await stored(stream_id)).video_info).toEqual({ width: i });
		}
		// The first of the run is one, too.
		expect(await site.log(stream_id)).toEqual(["pending", ...Array(5).fill("in_progress")]);
	});
});

describe("what is committed before the answer, and what after it", () => {
	test("the first feedback of a run is committed before the answer", async () => {
		const { stream_id } = await patient.create(written());
		await patient.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
		await report(stream_id, { video_info: '{"width":1}' }, null, patient);
		const [row] = await site.sql<{ first: boolean; video_info: unknown }[]>`
			SELECT first_feedback_time IS NOT NULL AS first, video_info FROM stream_states WHERE stream_id = ${stream_id}`;
		expect(row).toEqual({ first: true, video_info: { width: 1 } });
	});

	test("feedback that changes preview is committed before the answer; the same preview again is plain", async () => {
		const stream_id = await running(null, patient);
		await report(stream_id, { preview: '{"live":null}' }, null, patient);
		const row = await stored(stream_id);
		expect(row.preview).toEqual({ live: null });
		await report(stream_id, { preview: '{"live":null}' }, null, patient);
		expect((await stored(stream_id)).revision).toBe(row.revision);
	});

	test("plain telemetry is answered without a commit, is shown at once by the answering node, and leaves no trace in revision and log", async () => {
		const stream_id = await running(null, patient);
		const before = await stored(stream_id);
		const log = await site.log(stream_id);
		for (let i = 0; i < 5; i++) {
			const answer = await report(stream_id, { video_info: `{"width":${i}}` }, null, patient);
			expect(answer.modified.length).toBe(1);
			expect((await patient.get(stream_id, null)).video_info).toBe(`{"width":${i}}`);
			expect((await stored(stream_id)).video_info).toBeNull();
		}
		expect((await engine.get(stream_id, null)).video_info, "other nodes within the interval").toBeNull();
		await patient.telemetry.flush();
		expect(await stored(stream_id)).toMatchObject({ video_info: { width: 4 }, revision: before.revision });
		expect(await site.log(stream_id)).toEqual(log);
	});

	test("plain telemetry is written within the flush interval, newest per stream, of many streams in one statement", async () => {
		const streams = await Promise.all(Array.from({ length: 50 }, () => running()));
		await engine.telemetry.flush();
		const { flushes, rows } = engine.telemetry;
		const begin = ownTime();
		for (let i = 0; i < 20; i++)
			await engine.feedback(
				streams.map((stream_id) => ({ stream_id, version: 1, status: "in_progress", video_info: `{"width":${i}}` })),
				null,
			);
		await eventually(async () => {
			const [row] = await site.sql<{ written: number }[]>`
				SELECT count(*)::integer AS written FROM stream_states
				WHERE stream_id = ANY (${streams}::uuid[]) AND video_info->>'width' = '19'`;
			expect(row?.written).toBe(50);
		});
		expect(ownTime() - begin).toBeLessThan(1_500);
		expect(engine.telemetry.flushes - flushes).toBeLessThan(8);
		expect(engine.telemetry.rows - rows).toBeLessThan(8 * 50);
	});

	test("with DURABILITY commit plain telemetry is written before the answer, however much comes in meanwhile", async () => {
		const { engine } = await site.node({ alone: true, feedback: { flushInterval: 600, durability: "commit" } });
		const streams = await Promise.all(Array.from({ length: 8 }, () => running(null, engine)));
		await Promise.all(
			streams.map(async (stream_id) => {
				for (let i = 0; i < 20; i++) {
					await report(stream_id, { video_info: `{"width":${i}}` }, null, engine);
					expect((await stored(stream_id)).video_info).toEqual({ width: i });
				}
			}),
		);
	});

	test("a flush ends though more is told all the time", async () => {
		const streams = await Promise.all(Array.from({ length: 5 }, () => running(null, patient)));
		let over = false;
		const teller = (async () => {
			for (let i = 0; !over; i++) {
				await patient.feedback(
					streams.map((stream_id) => ({ stream_id, version: 1, status: "in_progress", video_info: `{"width":${i}}` })),
					null,
				);
				await new Promise(setImmediate);
			}
		})();
		for (let i = 0; i < 10; i++) await patient.telemetry.flush();
		over = true;
		await teller;
	});
});

describe("a heartbeat", () => {
	test("moves with every feedback and never back", async () => {
		const stream_id = await running(null, patient);
		await site.sql`UPDATE stream_states SET feedback_time = now() - interval '30 s' WHERE stream_id = ${stream_id}`;
		await report(stream_id, {}, null, patient);
		await patient.telemetry.flush();
		expect((await stored(stream_id)).age).toBeLessThan(5);
		await report(stream_id, {}, null, patient);
		// Another node has heard of it later.
		await site.sql`UPDATE stream_states SET feedback_time = now() + interval '10 s' WHERE stream_id = ${stream_id}`;
		await patient.telemetry.flush();
		expect((await stored(stream_id)).age).toBeLessThan(-5);
		await report(stream_id, { error }, null, patient);
		expect((await stored(stream_id)).age).toBeLessThan(-5);
	});

	test("of two copies of a stream that were told something, the newest is written, with what only the older one was told", async () => {
		for (const newest of [{ video_info: '{"width":2}' }, {}]) {
			const streams = await Promise.all(Array.from({ length: 10 }, () => running(null, patient)));
			const tell = (members: Partial<FeedbackItem>) =>
				patient.feedback(
					streams.map((stream_id) => ({ stream_id, version: 1, status: "in_progress", ...members })),
					null,
				);
			await tell({ video_info: '{"width":1}' });
			// Another node's change drops the copy before its telemetry is written.
			patient.registry.invalidate(streams);
			await tell(newest);
			await patient.telemetry.flush();
			for (const stream_id of streams)
				expect((await stored(stream_id)).video_info).toEqual({ width: newest.video_info ? 2 : 1 });
		}
	});

	test("telemetry of an old run never lands in a new one", async () => {
		const stream_id = await running(null, patient);
		await report(stream_id, { video_info: '{"width":1}' }, null, patient);
		// Another node gives it to another agent before this one has written.
		await engine.feedback([{ stream_id, version: 1, status: "handler_lost" }], null);
		await engine.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
		const { age } = await stored(stream_id);
		await patient.telemetry.flush();
		const row = await stored(stream_id);
		expect(row.video_info).toBeNull();
		expect(row.age).toBeGreaterThan(age);
		expect((await patient.get(stream_id, null)).video_info).toBeNull();
	});
});

describe("feedback on a node that has missed what others did", () => {
	test("is never told no on an old copy", async () => {
		const stream_id = await running(null, patient);
		await report(stream_id, { status: "handler_lost" }, null, patient);
		await engine.take(takeRequest({ filters: { stream_ids: [stream_id] }, agent_id: "next" }));
		const answer = await report(stream_id, { status: "done" }, "next", patient);
		expect(answer.modified).toEqual([{ stream_id, version: 1, status: "done" }]);
	});

	test("plain feedback is judged wrongly no longer than until the flush", async () => {
		const stream_id = await running(null, patient);
		await engine.patch(stream_id, { status: "pause" }, null);
		expect((await report(stream_id, {}, null, patient)).modified.length).toBe(1);
		await patient.telemetry.flush();
		expect((await report(stream_id, {}, null, patient)).unmodified).toEqual([
			{ stream_id, version: 1, status: "pause" },
		]);
		expect((await stored(stream_id)).status).toBe("pause");
	});
});
