import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdBack } from "../../machines/lost-handler.ts";
import { seedFor } from "./seed.ts";

const seed = seedFor("lost handler");

describe("a stream that keeps losing its handler", () => {
	it("is takeable at once up to LOST_LIMIT losses, then after 1 s, doubled each time up to 300 s", () => {
		const seconds = Array.from({ length: 17 }, (_, lost) => holdBack(lost, 5));
		expect(seconds).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
	});

	it("is held back after its very first loss when LOST_LIMIT is 0", () => {
		expect([0, 1, 2].map((lost) => holdBack(lost, 0))).toEqual([0, 1, 2]);
	});

	it("is never held back for longer than 300 s, nor for less than after the loss before", () => {
		const count = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 2_147_483_647 }));
		fc.assert(
			fc.property(count, count, (lost, limit) => {
				const seconds = holdBack(lost, limit);
				expect(seconds).toBeGreaterThanOrEqual(0);
				expect(seconds).toBeLessThanOrEqual(300);
				expect(seconds > 0).toBe(lost > limit);
				expect(holdBack(lost + 1, limit)).toBeGreaterThanOrEqual(seconds);
			}),
			{ seed, numRuns: 5_000 },
		);
	});
});
