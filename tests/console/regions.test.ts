import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	drawn,
	HANDLES,
	moved,
	pictureArea,
	type Rect,
	rectOf,
	regionOf,
	resized,
	turnedFrame,
	WHOLE,
} from "../../web-console/src/drawing/region.ts";
import { validateStream } from "../../web-console/src/forms/validate.ts";

const frame = { width: 1920, height: 1080 };
const share = fc.double({ min: 0, max: 1, noNaN: true });
const point = fc.record({ x: share, y: share });
const rect = fc.tuple(point, point).map(([a, b]) => drawn(a, b));
const size = fc.record({ width: fc.integer({ min: 16, max: 8000 }), height: fc.integer({ min: 16, max: 8000 }) });

function within({ x, y, width, height }: Rect): boolean {
	const close = 1e-9;
	return x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 + close && y + height <= 1 + close;
}

describe("a region", () => {
	test("of zeros is the whole frame; a side of zero goes to the edge", () => {
		expect(rectOf({ x: 0, y: 0, width: 0, height: 0, mode: "abs" }, frame)).toEqual(WHOLE);
		expect(rectOf({ x: 50, y: 0, width: 0, height: 50, mode: "percent" }, frame)).toEqual({
			x: 0.5,
			y: 0,
			width: 0.5,
			height: 0.5,
		});
		expect(rectOf({ x: 960, y: 540, width: 5000, height: 270, mode: "abs" }, frame)).toEqual({
			x: 0.5,
			y: 0.5,
			width: 0.5,
			height: 0.25,
		});
	});

	test("is given in the turned frame", () => {
		expect(turnedFrame(frame, 90)).toEqual({ width: 1080, height: 1920 });
		expect(turnedFrame(frame, 180)).toEqual(frame);
	});

	test("that was drawn is one that the service takes, and shows where it was drawn", () => {
		fc.assert(
			fc.property(rect, size, fc.constantFrom("abs", "percent"), (area, frame, mode) => {
				const roi = regionOf(area, frame, mode);
				expect([
					...validateStream({
						account_id: "557d54ec-29ad-4f3c-93b4-c9092ef12515",
						data: { type: "tcp", reference: "x", roi },
						event_handler: { api_version: 6 },
					}),
				]).toEqual([]);
				const again = rectOf(roi, frame);
				const step = mode === "percent" ? 0.0002 : 2 / Math.min(frame.width, frame.height);
				for (const side of ["x", "y", "width", "height"] as const) {
					expect(Math.abs(again[side] - area[side])).toBeLessThanOrEqual(step);
				}
			}),
		);
	});

	test("stays within the frame, however it is moved and pulled", () => {
		const pull = fc.record({
			handle: fc.constantFrom(undefined, ...HANDLES),
			dx: fc.double({ min: -2, max: 2, noNaN: true }),
			dy: fc.double({ min: -2, max: 2, noNaN: true }),
		});
		fc.assert(
			fc.property(rect, fc.array(pull), (start, pulls) => {
				const end = pulls.reduce(
					(area, { handle, dx, dy }) => (handle === undefined ? moved(area, dx, dy) : resized(area, handle, dx, dy)),
					start,
				);
				expect(within(end)).toBe(true);
			}),
		);
	});

	test("keeps its size while it is moved, and its far side while it is pulled", () => {
		const area = { x: 0.2, y: 0.2, width: 0.5, height: 0.5 };
		expect(moved(area, 5, -5)).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.5 });
		const pulled = resized(area, { horizontal: -1, vertical: 0 }, -0.1, 0.9);
		expect(pulled.x + pulled.width).toBeCloseTo(0.7);
		expect(pulled).toMatchObject({ y: 0.2, height: 0.5 });
	});
});

describe("the agent's picture", () => {
	test("lies in the region of interest when it has its shape, else it is the whole frame", () => {
		const roi = { x: 0.5, y: 0, width: 0.5, height: 1 };
		expect(pictureArea({ width: 400, height: 450 }, frame, roi)).toEqual(roi);
		expect(pictureArea({ width: 800, height: 450 }, frame, roi)).toEqual(WHOLE);
		expect(pictureArea({ width: 800, height: 450 }, frame, WHOLE)).toEqual(WHOLE);
		const half = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
		expect(pictureArea({ width: 800, height: 450 }, frame, half)).toEqual(half);
	});
});
