import { describe, expect, test } from "vitest";
import { RefusalBound } from "../../server/audit/refusal-bound.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SOMEBODY = "token 0f1c7e8a-5f0e-4d61-9c43-6a5e5b1f2d11";

/** Somebody is refused 600 times every ten seconds, from one time to another; gives how often it is recorded in each hour. */
function recorded(bound: RefusalBound, subject: string, from: number, to: number): number[] {
	const hours: number[] = [];
	for (let hour = from; hour < to; hour += HOUR) {
		let count = 0;
		for (let now = hour; now < hour + HOUR; now += 10_000)
			for (let time = 0; time < 600; time++) if (bound.admits(subject, now)) count++;
		hours.push(count);
	}
	return hours;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe("refusals are recorded", () => {
	test.each([
		["of somebody who is known", SOMEBODY],
		["of nobody", ""],
	])("%s: 500 at once, and 50 a second after that", (_, subject) => {
		const bound = new RefusalBound(0);
		const admitted = (now: number) => Array.from({ length: 1_000 }, () => bound.admits(subject, now)).filter(Boolean);
		expect(admitted(0)).toHaveLength(500);
		expect(admitted(1_000)).toHaveLength(50);
		expect(admitted(HOUR)).toHaveLength(500);
	});

	test("of nobody no more than 100,000 within any day, and 50,000 a day in the long run", () => {
		const hours = recorded(new RefusalBound(0), "", 0, 3 * DAY);
		for (let hour = 0; hour + 24 <= hours.length; hour++)
			expect(sum(hours.slice(hour, hour + 24)), `from hour ${hour}`).toBeLessThanOrEqual(100_000);
		expect(sum(hours.slice(0, 24))).toBeGreaterThan(99_000);
		for (const day of [1, 2]) {
			expect(sum(hours.slice(24 * day, 24 * day + 24))).toBeGreaterThan(49_000);
			expect(sum(hours.slice(24 * day, 24 * day + 24))).toBeLessThanOrEqual(50_001);
		}
	});

	test("of who is known as before, when strangers have used up what there is for nobody", () => {
		const bound = new RefusalBound(0);
		const hours = recorded(bound, "", 0, 2 * HOUR);
		expect(hours[1]).toBeLessThan(3_000);
		expect(sum(recorded(bound, SOMEBODY, 2 * HOUR, 3 * HOUR))).toBe(180_000);
	});
});
