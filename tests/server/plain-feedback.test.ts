import fc from "fast-check";
import { Compile } from "typebox/compile";
import { describe, expect, test } from "vitest";
import { feedback } from "../../server/schemas/feedback.ts";
import { MAX_INTEGER } from "../../server/schemas/numbers.ts";
import { isSurelyFeedback } from "../../server/schemas/plain-feedback.ts";
import { KNOWN_STATUSES } from "../../server/schemas/status.ts";
import { feedbackItem } from "./sample-bodies.ts";

const schema = Compile(feedback);

/** Mostly good, and each now and then one of the values on which a check of its kind may be wrong. */
const seldom = (good: fc.Arbitrary<unknown>, ...odd: unknown[]) =>
	fc.oneof({ arbitrary: good, weight: 12 }, { arbitrary: fc.constantFrom(...ODD, ...odd), weight: 1 });
const HUGE = "a number too large";
const ODD = [
	null,
	undefined,
	"",
	0,
	-1,
	-0,
	0.5,
	MAX_INTEGER,
	MAX_INTEGER + 1,
	Number.POSITIVE_INFINITY,
	true,
	[],
	{},
	"\0",
	"\ud800",
	"1",
];
const integers = (minimum = 0) =>
	seldom(fc.integer({ min: minimum, max: MAX_INTEGER }), -MAX_INTEGER, -MAX_INTEGER - 1);
const amounts = seldom(fc.double({ min: 0, noNaN: true }), 1, 1.0000001);
const texts = (most: number) =>
	seldom(fc.string({ unit: "binary", maxLength: 8 }), "x".repeat(most), "x".repeat(most + 1), "😀".repeat(most));
const two = (from: number, to: number) =>
	fc.integer({ min: from, max: to }).map((part) => String(part).padStart(2, "0"));
const times = fc.oneof(
	fc
		.tuple(
			two(0, 9999),
			two(0, 13),
			two(0, 32),
			two(0, 24),
			two(0, 60),
			two(0, 60),
			fc.constantFrom("", ".1", ".123456789", "."),
		)
		.map(([year, month, day, h, m, s, part]) => `${year.padStart(4, "0")}-${month}-${day}T${h}:${m}:${s}${part}`)
		.chain((time) => fc.constantFrom("Z", "z", "+01:00", "-23:59", "", "Z[UTC]").map((zone) => time + zone)),
	fc.constantFrom("2021-02-29T00:00:00Z", "2020-02-29T00:00:00Z", "2016-12-31T23:59:60Z", "2021-09-21t11:11:41.674z"),
);
const urls = fc.oneof(
	fc
		.tuple(
			fc.constantFrom("http://", "https://", "HTTP://", "ftp://", "http:", "//"),
			fc.constantFrom(
				"127.0.0.1",
				"localhost",
				"256.1.1.1",
				"01.1.1.1",
				"1.1.1",
				"[::1]",
				"a.example",
				"",
				"a b",
				"1.1.1.1.1",
			),
			fc.constantFrom("", ":1", ":59999", ":65535", ":65536", ":99999", ":", ":00", ":x"),
			fc.oneof(fc.constantFrom("", "/", "/live", "/a/../b", "/ ", "\\", "/%zz", "/?q#f", "/\u0000"), fc.webPath()),
		)
		.map((parts) => parts.join("")),
	fc.constantFrom(`http://127.0.0.1/${"a".repeat(2031)}`, `http://127.0.0.1/${"a".repeat(2032)}`),
	fc.webUrl(),
);
const link = seldom(fc.record({ url: seldom(urls) }), { url: "http://127.0.0.1/", more: 1 });
const item = fc.record(
	{
		stream_id: seldom(fc.uuid(), feedbackItem.stream_id.toUpperCase(), `${feedbackItem.stream_id}\n`),
		version: integers(),
		status: seldom(fc.constantFrom(...KNOWN_STATUSES), "deleted", "toString"),
		error: seldom(fc.record({ error_code: integers(-MAX_INTEGER), desc: texts(256), detail: texts(2048) })),
		video_info: seldom(
			fc.record(
				{
					width: integers(),
					height: integers(),
					frame_rate: amounts,
					bit_rate: amounts,
					gop_size: amounts,
					start_time: seldom(times),
					duration: amounts,
					progress: amounts,
				},
				{ requiredKeys: [] },
			),
			{ toString: null },
			{ width: 1, more: 1 },
		),
		preview: seldom(fc.record({ live: link, last_frame: link }, { requiredKeys: [] }), { more: null }),
	},
	{ requiredKeys: ["stream_id", "version", "status"] },
);
const bodies = seldom(
	fc.record({ streams: seldom(fc.array(seldom(item, { ...feedbackItem, more: 1 }), { maxLength: 3 })) }),
	{ streams: [], more: 1 },
	...Object.keys(feedbackItem).map((name) => ({ streams: [{ ...feedbackItem, [name]: undefined }] })),
);

describe("the quick look at feedback", () => {
	test("accepts nothing that the schema refuses", () => {
		let surely = 0;
		let good = 0;
		fc.assert(
			fc.property(bodies, (body) => {
				// As it comes: what JSON cannot say is not there; but a number may be too large for any.
				const parsed: unknown = JSON.parse(
					JSON.stringify(body, (_, value) => (value === Number.POSITIVE_INFINITY ? HUGE : value))?.replaceAll(
						`"${HUGE}"`,
						"1e999",
					) ?? "null",
				);
				const accepted = schema.Check(parsed);
				if (accepted) good++;
				if (!isSurelyFeedback(parsed)) return true;
				surely++;
				return accepted;
			}),
			{ numRuns: 3_000 },
		);
		expect(good, "bodies that are good").toBeGreaterThan(300);
		expect(surely, "and known to be").toBeGreaterThan(100);
	});

	test("knows what agents send", () => {
		const { stream_id, version, status, error, video_info, preview } = feedbackItem;
		for (const item of [
			feedbackItem,
			{ stream_id, version, status },
			{ stream_id, version, status, error: null, video_info: null, preview: null },
			{ stream_id, version, status, video_info },
			{ stream_id, version, status: "failure", error },
			{ stream_id, version, status, preview },
		])
			expect(isSurelyFeedback({ streams: [item, item] })).toBe(true);
	});

	test("no body holds more than 10,000 items", () => {
		expect(isSurelyFeedback({ streams: Array(10_000).fill(feedbackItem) })).toBe(true);
		expect(isSurelyFeedback({ streams: Array(10_001).fill(feedbackItem) })).toBe(false);
	});

	test("what reads __proto__ or a member of every object is not taken for one of ours", () => {
		for (const text of ['{"streams":[],"__proto__":1}', '{"streams":[{"__proto__":{}}]}', '{"constructor":[]}'])
			expect(isSurelyFeedback(JSON.parse(text))).toBe(false);
	});
});
