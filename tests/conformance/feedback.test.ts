import { describe, expect, test } from "vitest";
import { expectInvalid, faults, said } from "./faults.ts";
import { openTarget, UNKNOWN } from "./target.ts";

const target = await openTarget();
const { api } = target;
const path = "/1/streams/processing/feedback";
const error = { error_code: 7, desc: "broken", detail: "camera 7" };
const video_info = {
	width: 1920,
	height: 1080,
	frame_rate: 25,
	bit_rate: 4_000_000.5,
	gop_size: 12,
	start_time: "2026-01-02T03:04:05.678Z",
	duration: 0,
	progress: 0.25,
};
const preview = { live: { url: "http://127.0.0.1:1/live" }, last_frame: { url: "http://127.0.0.1:1/frame" } };

async function running(members: Record<string, unknown> = {}): Promise<string> {
	const id = await target.create(members);
	await target.takeOne(id);
	return id;
}

const item = (stream_id: string, members: object = {}) => ({
	stream_id,
	version: 1,
	status: "in_progress",
	...members,
});
const state = (stream_id: string, status = "in_progress", version = 1) => ({ stream_id, status, version });

describe("what is reported", () => {
	test("is shown at once", async () => {
		const id = await running();
		await target.report(id, "in_progress", { error, video_info, preview });
		expect(await target.stream(id)).toMatchObject({ last_error: error, video_info, preview, status: "in_progress" });
		await target.report(id, "in_progress", { video_info: { ...video_info, progress: 0.5 } });
		expect((await target.stream(id)).video_info).toMatchObject({ progress: 0.5 });
	});
	test("has its time in UTC to the millisecond, however it was written", async () => {
		const id = await running();
		for (const [start_time, shown] of [
			["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678Z"],
			["2026-01-02T03:04:05+05:30", "2026-01-01T21:34:05.000Z"],
			["2026-01-02t03:04:05.6z", "2026-01-02T03:04:05.600Z"],
			["2026-01-02T03:04:05.678901234-23:59", "2026-01-03T03:03:05.678Z"],
		]) {
			await target.report(id, "in_progress", { video_info: { start_time } });
			expect((await target.stream(id)).video_info, start_time).toEqual({ start_time: shown });
		}
	});
	test("is in the lists within the flush interval", async () => {
		const id = await running();
		await target.report(id, "in_progress");
		await target.report(id, "in_progress", { video_info: { progress: 0.75 } });
		const until = Date.now() + target.config.LUNA_STREAMS_FEEDBACK.TELEMETRY_FLUSH_INTERVAL * 1_000 + 2_000;
		for (;;) {
			const [listed] = await target.list(`stream_ids=${id}`);
			if (listed?.video_info?.["progress"] === 0.75) break;
			expect(Date.now()).toBeLessThan(until);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	});
	test("replaces what is stored whole", async () => {
		const id = await running();
		await target.report(id, "in_progress", { video_info, preview });
		await target.report(id, "in_progress", { video_info: { width: 1 }, preview: { live: preview.live } });
		const { video_info: info, preview: shown } = await target.stream(id);
		expect([info, shown]).toEqual([{ width: 1 }, { live: preview.live }]);
	});
	test("may be null or absent, which keeps what is stored, except error: null", async () => {
		const id = await running();
		await target.report(id, "in_progress", { error, video_info, preview });
		for (const members of [{}, { video_info: null, preview: null }]) {
			await target.report(id, "in_progress", members);
			expect(await target.stream(id)).toMatchObject({ last_error: error, video_info, preview });
		}
		await target.report(id, "in_progress", { error: null });
		expect(await target.stream(id)).toMatchObject({ last_error: null, video_info, preview });
	});
	test("stands in the record that it makes, and in no other", async () => {
		const id = await running();
		await target.report(id, "failure", { error, video_info, preview });
		await target.patch(id, { status: "pending" });
		const [pending, failure, taken, created] = await target.records(`stream_ids=${id}`);
		expect(failure).toMatchObject({ status: "failure", error, video_info, preview });
		for (const record of [pending, taken, created])
			expect(record).toMatchObject({ error: null, video_info: null, preview: null });
	});
	test("of a failure without an error keeps the one that stands", async () => {
		const id = await running();
		await target.report(id, "in_progress", { error });
		await target.report(id, "failure");
		expect(await target.stream(id)).toMatchObject({ status: "failure", last_error: error });
	});
});

describe("the answer", () => {
	test("has every item once, under modified what was applied", async () => {
		const [a, b, paused] = [await running(), await running(), await running()];
		await target.patch(paused, { status: "pause" });
		const other = await target.create();
		const answer = await target.feedback([
			item(a),
			item(b, { version: 2 }),
			item(paused),
			item(other, { status: "done" }),
			item(UNKNOWN, { version: 5 }),
		]);
		expect(answer).toEqual({
			modified: [state(a)],
			unmodified: [
				state(b),
				state(paused, "pause"),
				state(other, "pending"),
				{ stream_id: UNKNOWN, status: "not_found", version: expect.any(Number) },
			],
		});
	});
	test("shows the server's version after a PUT, and old feedback changes nothing", async () => {
		const id = await running();
		await api.put(`/1/streams/${id}`, target.body());
		expect(await target.feedback([item(id, { status: "done" })])).toEqual({
			modified: [],
			unmodified: [state(id, "pending", 2)],
		});
		await target.takeOne(id);
		expect((await target.feedback([item(id, { status: "done" })])).unmodified).toEqual([state(id, "in_progress", 2)]);
		expect((await target.feedback([item(id, { status: "done", version: 2 })])).modified).toEqual([
			state(id, "done", 2),
		]);
	});
	test("of a late in_progress after a pause is unmodified and not logged", async () => {
		const id = await running();
		await target.patch(id, { status: "pause" });
		expect((await target.feedback([item(id, { error, video_info })])).unmodified).toEqual([state(id, "pause")]);
		expect(await target.log(id)).toEqual(["pending", "in_progress", "pause"]);
		expect(await target.stream(id)).toMatchObject({ last_error: null, video_info: null });
	});
	test("of a deleted stream is not_found, and not logged", async () => {
		const id = await running();
		await api.delete(`/1/streams/${id}`);
		for (const status of ["in_progress", "done", "failure", "handler_lost"])
			expect(await target.feedback([item(id, { status })]), status).toEqual({
				modified: [],
				unmodified: [{ stream_id: id, status: "not_found", version: expect.any(Number) }],
			});
		expect(await target.log(id)).toEqual(["pending", "in_progress", "deleted"]);
	});
	test("of a status that no agent reports is unmodified", async () => {
		const id = await running();
		for (const status of ["pending", "pause", "restart", "cancel", "not_found"])
			expect(await target.feedback([item(id, { status })]), status).toEqual({ modified: [], unmodified: [state(id)] });
		expect(await target.log(id)).toEqual(["pending", "in_progress"]);
	});
	test("follows the items of one stream in their order", async () => {
		const id = await running();
		const answer = await target.feedback([
			item(id, { video_info: { width: 1 } }),
			item(id, { video_info: { width: 2 }, status: "done" }),
			item(id, { video_info: { width: 3 } }),
		]);
		expect(answer.modified).toHaveLength(2);
		expect(answer.unmodified).toEqual([state(id, "done")]);
		expect(await target.stream(id)).toMatchObject({ status: "done", video_info: { width: 2 } });
	});
	test("is empty for no items", async () => {
		expect(await target.feedback([])).toEqual({ modified: [], unmodified: [] });
	});
});

describe("a bad item", () => {
	test("refuses the whole body with its path, and nothing of it is applied", async () => {
		const id = await running();
		const good = item(id, { status: "done", video_info });
		const cases: [bad: object, path: string][] = [
			[item(id, { preview: { live: { url: "../dictionary" } } }), "streams.1.preview.live.url"],
			[item(id, { preview: { last_frame: {} } }), "streams.1.preview.last_frame.url"],
			[item(id, { status: "nonsense" }), "streams.1.status"],
			[item(id, { version: "1" }), "streams.1.version"],
			[item(id, { video_info: { progress: 2 } }), "streams.1.video_info.progress"],
			[item(id, { error: { error_code: 1, desc: "d" } }), "streams.1.error.detail"],
			[{ stream_id: id, version: 1 }, "streams.1.status"],
			[{ stream_id: id, status: "done" }, "streams.1.version"],
			[{ version: 1, status: "done" }, "streams.1.stream_id"],
		];
		for (const [bad, where] of cases) expectInvalid(await api.post(path, { streams: [good, bad] }), where);
		for (const member of ["faces", "last_error"])
			expect(said(await api.post(path, { streams: [good, item(id, { [member]: 1 })] }))).toEqual(
				faults.unexpected(member, "streams.1"),
			);
		const url = await api.post(path, { streams: [item(id, { preview: { live: { url: "http://" } } })] });
		expect(said(url)).toEqual(faults.invalid("streams.0.preview.live.url", "URL host invalid"));
		expectInvalid(await api.post(path, { streams: {} }), "streams");
		expectInvalid(await api.post(path, {}), "streams");
		expect(said(await api.post(path, { streams: [], more: 1 }))).toEqual(faults.unexpected("more"));
		expect(await target.stream(id)).toMatchObject({ status: "in_progress", video_info: null });
	});
});
