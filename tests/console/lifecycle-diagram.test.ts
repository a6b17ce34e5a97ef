import { describe, expect, test } from "vitest";
import { STREAM_STATUSES } from "../../machines/status.ts";
import { createStreamMachine } from "../../machines/stream-machine.ts";
import { ARROWS, BOX, DIAGRAM, MIDDLES } from "../../web-console/src/diagram/layout.ts";
import { ANYWHERE, askable, causeOf, TRANSITIONS } from "../../web-console/src/diagram/lifecycle.ts";
import { edgesOf, explore } from "../machines/lifecycle-edges.ts";
import { TABLE_POLICY } from "../machines/lifecycle-table.ts";

const machine = createStreamMachine(TABLE_POLICY);
const edges = edgesOf(machine, explore(machine));

describe("the console's lifecycle", () => {
	test("knows every change that the machine has, and no other", () => {
		const known = [
			...TRANSITIONS.map((each) => ({ conditional: each.condition !== undefined, ...each })),
			...STREAM_STATUSES.flatMap((from) => ANYWHERE.map((each) => ({ ...each, from, conditional: false }))),
		].map(({ from, event, to, conditional }) => ({ from, event, to, conditional }));
		expect(sorted(known)).toEqual(sorted(edges));
	});

	test("has a sentence for each event", () => {
		for (const { event } of [...TRANSITIONS, ...ANYWHERE]) expect(causeOf(event)).toMatch(/^[A-Z].*\.$/);
	});

	test("offers what the service would do", () => {
		const asked = (status: (typeof STREAM_STATUSES)[number], more = {}) =>
			[...askable({ status, videofile: false, awaitsRestart: false, ...more })].sort();
		expect(asked("pending")).toEqual(["cancel", "pause"]);
		expect(asked("in_progress")).toEqual(["cancel", "pause"]);
		expect(asked("in_progress", { videofile: true })).toEqual(["cancel"]);
		expect(asked("pause")).toEqual(["cancel", "pending"]);
		expect(asked("done")).toEqual(["pause", "pending"]);
		expect(asked("cancel")).toEqual(["pause", "pending"]);
		expect(asked("failure")).toEqual(["pause", "pending"]);
		expect(asked("failure", { awaitsRestart: true })).toEqual(["cancel", "pause", "pending"]);
	});
});

describe("its picture", () => {
	test("no two boxes touch, and all are within", () => {
		const boxes = Object.values(MIDDLES);
		for (const [at, one] of boxes.entries()) {
			expect(one.x - BOX.width / 2).toBeGreaterThan(0);
			expect(one.x + BOX.width / 2).toBeLessThan(DIAGRAM.width);
			expect(one.y + BOX.height / 2).toBeLessThan(DIAGRAM.height);
			for (const other of boxes.slice(at + 1)) {
				const apart = Math.abs(one.x - other.x) > BOX.width || Math.abs(one.y - other.y) > BOX.height;
				expect(apart).toBe(true);
			}
		}
	});

	test("no arrow runs through a box", () => {
		for (const { from, to, path } of ARROWS) {
			const points = along(path);
			for (const [status, middle] of Object.entries(MIDDLES)) {
				if (status === from || status === to) continue;
				const hit = points.some(
					({ x, y }) => Math.abs(x - middle.x) < BOX.width / 2 && Math.abs(y - middle.y) < BOX.height / 2,
				);
				expect({ arrow: `${from} ${to}`, through: hit ? status : null }).toEqual({
					arrow: `${from} ${to}`,
					through: null,
				});
			}
			for (const { x, y } of points) {
				expect(x >= 0 && x <= DIAGRAM.width && y >= 0 && y <= DIAGRAM.height).toBe(true);
			}
		}
	});
});

function along(path: string): { x: number; y: number }[] {
	const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0] = (path.match(/-?[\d.]+/g) ?? []).map(Number);
	return Array.from({ length: 41 }, (_, step) => {
		const t = step / 40;
		const at = (a: number, b: number, c: number) => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c;
		return { x: at(ax, bx, cx), y: at(ay, by, cy) };
	});
}

function sorted<T>(list: readonly T[]): string[] {
	return list.map((each) => JSON.stringify(each)).sort();
}
