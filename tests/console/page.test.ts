import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merged, problemsFirst } from "../../web-console/src/order.ts";
import { readCount, readStream, readStreams, type Stream } from "../../web-console/src/stream.ts";
import { errorText, percentDone, pictureFacts, restartFacts } from "../../web-console/src/wording.ts";

const error = { error_code: 5, desc: "no connection", detail: "refused" };

function made(id: string, more: Record<string, unknown> = {}): Stream {
	const stream = readStream({
		stream_id: id,
		version: 1,
		name: id,
		status: "in_progress",
		create_time: "2026-11-23T10:00:00.000Z",
		data: { type: "tcp", reference: "rtsp://camera/1" },
		groups: ["demo"],
		...more,
	});
	if (stream === undefined) throw new Error("not a stream");
	return stream;
}

describe("the order of the page", () => {
	test("problems come first: failed, then those with an error, then waiting, running and resting ones", () => {
		const streams = [
			made("cancelled", { status: "cancel" }),
			made("done", { status: "done" }),
			made("paused", { status: "pause" }),
			made("running"),
			made("waiting", { status: "pending" }),
			made("restarting", { status: "pending", last_error: error, create_time: "2026-11-23T11:00:00.000Z" }),
			made("complaining", { last_error: error }),
			made("failed", { status: "failure", last_error: error }),
		];
		expect(problemsFirst(streams).map((stream) => stream.name)).toEqual([
			"failed",
			"complaining",
			"restarting",
			"waiting",
			"running",
			"paused",
			"done",
			"cancelled",
		]);
	});

	test("streams of one rank keep the API's order, oldest first, however they come in", () => {
		const streams = ["c", "a", "b"].map((id) => made(id));
		fc.assert(
			fc.property(fc.shuffledSubarray(streams, { minLength: 3 }), (shuffled) => {
				expect(problemsFirst(shuffled).map((stream) => stream.id)).toEqual(["a", "b", "c"]);
			}),
		);
	});

	test("a stream that stands in both answers is shown once", () => {
		const both = made("both");
		expect(merged([both, made("one")], [made("both"), made("two")]).map((stream) => stream.id)).toEqual([
			"both",
			"one",
			"two",
		]);
	});
});

describe("reading answers", () => {
	test("what is missing or of another type is left out", () => {
		const stream = made("x", {
			last_error: "oops",
			video_info: { width: "640", frame_rate: 15 },
			preview: null,
			groups: 7,
		});
		expect(stream).toMatchObject({
			lastError: undefined,
			groups: [],
			preview: { lastFrame: false, live: false },
			autorestart: undefined,
		});
		expect(stream.video).toEqual({ width: undefined, height: undefined, fps: 15, progress: undefined });
	});

	test("anything at all can be read without a throw", () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				readStreams(value);
				readStreams({ streams: value });
				readStreams({ streams: [value] });
				readCount(value);
			}),
		);
	});

	test("a stream of an unknown status is passed over", () => {
		expect(readStreams({ streams: [{ stream_id: "x", status: "asleep" }] })).toEqual([]);
	});
});

describe("what a card says", () => {
	test("size and rate, as much as is known", () => {
		expect(pictureFacts(made("x", { video_info: { width: 640, height: 360, frame_rate: 14.98 } }))).toBe(
			"640 × 360 · 15 fps",
		);
		expect(pictureFacts(made("x", { video_info: { width: 0, height: 0 } }))).toBe("");
	});

	test("progress only for sources that have an end", () => {
		expect(
			percentDone(made("x", { data: { type: "videofile", reference: "/a" }, video_info: { progress: 0.426 } })),
		).toBe(43);
		expect(percentDone(made("x", { video_info: { progress: 0.5 } }))).toBeUndefined();
	});

	test("autorestart: what is about to happen, or has happened", () => {
		const autorestart = { restart: 1, attempt_count: 10, current_attempt: 2, status: "in_progress" };
		const said = (status: string, more: Record<string, unknown>) =>
			restartFacts(made("x", { status, autorestart: { ...autorestart, ...more } }));
		expect(said("failure", {})).toBe("Restarts by itself, attempt 3 of 10");
		expect(said("in_progress", {})).toBe("Restarted, attempt 2 of 10");
		expect(said("failure", { status: "failed" })).toBe("Not restarted again: all 10 attempts used");
		expect(said("failure", { status: "denied" })).toBe("Not restarted: the failure is final");
		expect(said("in_progress", { status: "enabled", current_attempt: 0 })).toBe("Restarts by itself");
		expect(said("failure", { restart: 0 })).toBe("");
	});

	test("an error with its number and what it adds", () => {
		expect(errorText({ code: 5, desc: "no connection", detail: "refused" })).toBe("no connection: refused (5)");
		expect(errorText({ code: 5, desc: "no connection", detail: "" })).toBe("no connection (5)");
	});
});
