import { expect, test } from "vitest";
import { slope } from "./slope.ts";

test("the growth of a line is found, with no error", () => {
	const { growth, error } = slope([0, 1, 2, 3, 4].map((at) => ({ at, value: 7 + 0.5 * at })));
	expect(growth).toBeCloseTo(0.5);
	expect(error).toBeCloseTo(0);
});

test("what goes up and down does not grow, within its error", () => {
	const { growth, error } = slope(Array.from({ length: 40 }, (_, at) => ({ at, value: at % 2 === 0 ? 10 : 12 })));
	expect(Math.abs(growth)).toBeLessThan(2 * error);
	expect(error).toBeLessThan(0.02);
});
