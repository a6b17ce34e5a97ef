import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	entriesOf,
	heldSince,
	merged,
	recordOf,
	type StreamRecord,
	stretchesOf,
} from "../../web-console/src/places/stream/timeline-entries.ts";

const record = (time: number, status: StreamRecord["status"], version = 1): StreamRecord => ({
	time,
	status,
	version,
	error: null,
});
/** Newest first, as the API answers. */
const lost = [
	record(9000, "in_progress"),
	record(8000, "pending"),
	record(8000, "restart"),
	record(8000, "handler_lost"),
	record(2000, "in_progress"),
	record(1000, "pending"),
];

describe("a stream's timeline", () => {
	test("says how long each status held; the newest still holds", () => {
		expect(entriesOf(lost).map(({ status, held }) => [status, held])).toEqual([
			["in_progress", null],
			["pending", 1000],
			["restart", 0],
			["handler_lost", 0],
			["in_progress", 6000],
			["pending", 1000],
		]);
	});

	test("is the same however its records came in: by pages, live, or both", () => {
		fc.assert(
			fc.property(fc.nat(5), fc.nat(5), (from, to) => {
				const page = lost.slice(Math.min(from, to));
				const live = lost.slice(0, Math.max(from, to) + 1);
				expect(merged(page, live)).toEqual(lost);
			}),
		);
	});

	test("keeps the order of records of one moment", () => {
		expect(merged(lost.slice(4), lost.slice(0, 4))).toEqual(lost);
		expect(merged(lost.slice(0, 4), lost.slice(4))).toEqual(lost);
	});

	test("tells how the time was spent, without what passes by", () => {
		expect(stretchesOf(lost, 0, 10_000)).toEqual([
			{ status: "pending", from: 0.1, share: 0.1 },
			{ status: "in_progress", from: 0.2, share: expect.closeTo(0.6) },
			{ status: "pending", from: 0.8, share: expect.closeTo(0.1) },
			{ status: "in_progress", from: 0.9, share: expect.closeTo(0.1) },
		]);
		expect(stretchesOf(lost, 5000, 8500)).toHaveLength(2);
		expect(stretchesOf(lost, 5000, 5000)).toEqual([]);
	});

	test("never tells of more time than there was", () => {
		fc.assert(
			fc.property(fc.array(fc.nat(10_000), { maxLength: 20 }), fc.nat(10_000), fc.nat(10_000), (times, from, now) => {
				const records = times.sort((a, b) => b - a).map((time, at) => record(time, at % 2 ? "pause" : "pending"));
				const stretches = stretchesOf(
					records.filter(({ time }) => time <= now),
					from,
					now,
				);
				expect(stretches.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
				for (const [at, one] of stretches.entries()) {
					const next = stretches[at + 1];
					if (next !== undefined) expect(one.from + one.share).toBeLessThanOrEqual(next.from + 1e-9);
				}
			}),
		);
	});

	test("says since when the present status holds, whatever was reported meanwhile", () => {
		expect(heldSince([record(9500, "in_progress"), ...lost])).toBe(9000);
		expect(heldSince([record(9000, "pause"), record(8000, "pause")])).toBe(8000);
		expect(heldSince([])).toBeNull();
	});

	test("passes over what is no record", () => {
		expect(recordOf({ log_time: "never", status: "done" })).toBeUndefined();
		expect(recordOf({ log_time: "2026-01-01T00:00:00.000Z", status: "done" })).toMatchObject({ status: "done" });
	});
});
