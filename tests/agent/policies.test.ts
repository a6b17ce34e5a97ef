import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Backoff } from "../../agent/api/backoff.ts";
import { readFeedbackAnswer } from "../../agent/api/feedback.ts";
import { readTakenStream } from "../../agent/api/taken-stream.ts";
import { cropOf, previewSize } from "../../agent/decoding/crop.ts";
import { Measurements } from "../../agent/decoding/measurements.ts";
import { Thinning } from "../../agent/decoding/pace.ts";
import { requestParts } from "../../agent/feedback/request-parts.ts";
import { maskReference, maskText } from "../../agent/masking.ts";
import { BadSetting, OPTIONS, readSettings, usage } from "../../agent/settings.ts";
import { SOURCE_ERRORS, SourceError } from "../../agent/source-errors.ts";
import { Health } from "../../agent/stream/health.ts";

describe("the healthcheck policy", () => {
	const policy = { max_error_count: 2, period: 10, retry_delay: 0, timeout: null };

	test("forgives max_error_count errors within the period, and not one more", () => {
		const health = new Health(policy);
		expect([0, 100, 200].map((now) => health.failedBy(now))).toEqual([false, false, true]);
	});

	test("forgets errors that are older than the period", () => {
		const health = new Health(policy);
		expect([0, 5000, 10_000, 15_000, 19_000].map((now) => health.failedBy(now))).toEqual([
			false,
			false,
			false,
			false,
			true,
		]);
	});

	test("with 0 the first error is one too many", () => {
		expect(new Health({ ...policy, max_error_count: 0 }).failedBy(0)).toBe(true);
	});
});

describe("feedback requests", () => {
	test("hold at most 10,000 items and the given bytes, and every item once, in order", () => {
		fc.assert(
			fc.property(
				fc.array(fc.string({ maxLength: 60 }), { maxLength: 400 }),
				fc.integer({ min: 100, max: 2000 }),
				(texts, bytes) => {
					const items = texts.map((text) => ({ text }));
					const parts = requestParts(items, (item) => item, bytes);
					expect(parts.flat()).toEqual(items);
					for (const part of parts)
						if (part.length > 1)
							expect(Buffer.byteLength(JSON.stringify({ streams: part }))).toBeLessThanOrEqual(bytes);
				},
			),
		);
		const many = Array.from({ length: 25_001 }, (_, index) => ({ index }));
		expect(requestParts(many, (item) => item, 1e9).map((part) => part.length)).toEqual([10_000, 10_000, 5001]);
	});
});

describe("the region of interest", () => {
	test("lies within the picture whatever was asked for, and its preview is even and no larger", () => {
		const side = fc.integer({ min: 2, max: 8192 });
		const number = fc.integer({ min: 0, max: 65_536 });
		const area = fc.record({ x: number, y: number, width: number, height: number, mode: fc.constant("abs" as const) });
		fc.assert(
			fc.property(area, side, side, fc.integer({ min: 1, max: 10_000 }), (roi, width, height, preferred) => {
				const crop = cropOf(roi, width, height);
				if (crop === null) return;
				expect(crop.x + crop.width).toBeLessThanOrEqual(width);
				expect(crop.y + crop.height).toBeLessThanOrEqual(height);
				expect(Math.min(crop.width, crop.height)).toBeGreaterThanOrEqual(2);
				const size = previewSize(crop, preferred);
				expect([size.width % 2, size.height % 2]).toEqual([0, 0]);
				expect(size.width).toBeLessThanOrEqual(crop.width + 1);
			}),
		);
	});

	test("of zeros is the whole picture", () => {
		const roi = { x: 0, y: 0, width: 0, height: 0, mode: "percent" as const };
		expect(cropOf(roi, 640, 360)).toEqual({ x: 0, y: 0, width: 640, height: 360 });
	});
});

describe("measurements", () => {
	test("of a live source follow what comes, of a file what it declares", () => {
		const declared = { frameRate: 90, bitRate: 1, duration: 0, start: 0, live: true };
		const live = new Measurements(declared, "2026-01-01T00:00:00.000Z");
		expect(live.info()).toBeNull();
		for (let index = 0; index < 100; index++) {
			live.packet(1000, index % 12 === 0, index / 20);
			live.frame(640, 480, index / 20);
		}
		expect(live.info()).toEqual({
			width: 640,
			height: 480,
			frame_rate: 20,
			bit_rate: Math.round((100 * 8000) / 4.95),
			gop_size: 12,
			start_time: "2026-01-01T00:00:00.000Z",
		});
	});

	test("thinning lets through the asked number of pictures a second", () => {
		const thinning = new Thinning(5);
		expect(Array.from({ length: 100 }, (_, index) => thinning.lets(index / 25)).filter(Boolean)).toHaveLength(20);
	});
});

describe("errors of sources", () => {
	test("each has its own code, and the manual lists all of them", async () => {
		const page = await readFile("docs/agent-errors.md", "utf8");
		const rows = [...page.matchAll(/^\| (\d+) \| ([^|]+) \| (yes|no|remote) \|/gm)].map(([, code, desc, retried]) => [
			code,
			desc,
			retried,
		]);
		const entries = Object.values(SOURCE_ERRORS).map(({ code, desc, retried }) => [
			String(code),
			desc,
			retried === "remote" ? retried : retried ? "yes" : "no",
		]);
		expect(rows).toEqual(entries);
		expect(new Set(entries.map(([code]) => code)).size).toBe(entries.length);
	});

	test("never tell the credentials of a reference, and fit into feedback", () => {
		const reference = "rtsp://user:p@ss/w@camera:554/path?token=abc&user=x";
		expect(maskText("opening 'rtsp://user:p@ss@camera/1?key=abc' failed")).toBe(
			"opening 'rtsp://***@camera/1?key=***' failed",
		);
		expect(maskText("'rtsp:/user:p@ss@camera/1' is no address, nor is user:p@camera")).toBe(
			"'rtsp:/***@camera/1' is no address, nor is ***@camera",
		);
		expect(maskReference("user:p@ss@camera:554/path?token=abc")).toBe("***@camera:554/path?token=***");
		expect(maskReference("rtsp://user:p@ss@camera:554/path?token=abc&b=c")).toBe(
			"rtsp://***@camera:554/path?token=***&b=***",
		);
		expect(maskReference(reference)).not.toContain("abc");
		const { error_code, desc, detail } = new SourceError("timeout", `${"é".repeat(3000)}\ud800\0`).toStreamError();
		expect([error_code, desc, Array.from(detail).length]).toEqual([70014, "Source timed out", 2048]);
		expect(new SourceError("timeout", "a\ud800b\0").message).toBe("a\ufffdb\ufffd");
	});
});

describe("what the service says", () => {
	test("is read with defaults where a stream says nothing, and not at all where it has no name", () => {
		const stream_id = "b5d6fd45-fcca-453d-ac05-3e594054b813";
		expect(
			readTakenStream({ stream_id, version: 3, data: { type: "tcp", reference: "rtsp://x" }, policies: null }),
		).toMatchObject({
			data: { endless: true, rotation: 0, preferred_program_stream_frame_width: 800, roi: { width: 0, mode: "abs" } },
			policies: { healthcheck: { max_error_count: 10, period: 3600, retry_delay: 5, timeout: null } },
		});
		for (const nameless of [null, 1, {}, { stream_id }, { stream_id: "x", version: 1 }])
			expect(readTakenStream(nameless)).toBeNull();
		for (const answer of [null, {}, { streams: { modified: 1, unmodified: [{}] } }])
			expect(readFeedbackAnswer(answer)).toEqual([]);
	});

	test("is asked again after pauses that grow, at most to the given one, and differ", () => {
		const backoff = new Backoff(500, 10_000, () => 0);
		expect(Array.from({ length: 7 }, () => backoff.next())).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
		backoff.reset();
		expect(backoff.next()).toBe(500);
		expect(new Backoff(500, 10_000, () => 0.5).next()).toBe(375);
	});
});

describe("settings", () => {
	test("the command line wins over the environment, and that over the defaults", () => {
		const settings = readSettings(["--slots", "8", "--files", "/media:/more"], {
			AGENT_SLOTS: "3",
			AGENT_GROUPS: "a,b",
		});
		expect(settings).toMatchObject({ slots: 8, groups: ["a", "b"], files: ["/media", "/more"], wait: 20 });
	});

	test("each appears in the help and in the manual, the secret one only as a name in the environment", async () => {
		const page = await readFile("docs/agent.md", "utf8");
		for (const [name, { secret }] of Object.entries(OPTIONS)) {
			const shown = secret ? `AGENT_${name.toUpperCase()}` : `--${name}`;
			expect(usage()).toContain(shown);
			expect(page).toContain(`\`${shown}\``);
		}
		expect(readSettings(["--help"], {})).toBeNull();
		expect(() => readSettings(["--authorization", "x"], {})).toThrow(BadSetting);
		expect(readSettings([], { AGENT_AUTHORIZATION: "Bearer x" })?.authorization).toBe("Bearer x");
	});

	test.each([
		["--url", "ftp://x"],
		["--url", "http://user:pass@x"],
		["--wait", "61"],
		["--pace", "slow"],
		["--listen", "5000"],
		["--listen", "0.0.0.0:0"],
		["--unknown", "1"],
	])("%s %s is refused with one line", (name, value) => {
		expect(() => readSettings([name, value], {})).toThrow(BadSetting);
	});
});
