import type { Locator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { describeDecoding } from "../tests/agent/footage.ts";
import { streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { reads, SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { unique } from "./site/fleet.ts";
import { LIVE_GROUP } from "./site/provided.ts";

interface Point {
	x: number;
	y: number;
}
type Stored = { data: Record<"roi" | "droi", object> & { rotation: number } };

/** The camera's picture, before it is turned. */
const CAMERA = { width: 640, height: 360 };

describeWithBrowser("regions of a stream", () => {
	describeDecoding("of a real camera", () => {
		test.for([
			{ rotation: 0, frame: CAMERA },
			{ rotation: 90, frame: { width: CAMERA.height, height: CAMERA.width } },
		])(
			"drawn with the mouse on its last picture, turned by $rotation°, are stored exactly as they were drawn",
			async ({ rotation, frame }, { desk, api }) => {
				const id = await api.create(
					streamBody({
						name: unique("Drawn"),
						group_name: LIVE_GROUP,
						data: { type: "tcp", reference: inject("site").camera, rotation },
					}),
				);
				try {
					await desk.open(`stream/${id}`);
					await reads(panel(desk.page, "Now"), /640 × 360 px/);
					await desk.page.getByRole("link", { name: "Recreate" }).click();
					const form = desk.page.getByRole("main").locator("form");
					const stage = form.locator(".stage");
					await form.getByRole("img", { name: "The last picture of the stream" }).waitFor();
					await stage.scrollIntoViewIfNeeded();
					await expect.poll(() => isPainted(stage), { timeout: SHOWN_WITHIN }).toBe(true);
					const shape = (await boxOf(stage)).width / (await boxOf(stage)).height;
					expect(Math.abs(shape - frame.width / frame.height)).toBeLessThan(0.02);

					await form.getByLabel("Region of interest: given in").selectOption("Pixels");
					await stage.scrollIntoViewIfNeeded();
					const roi = await draw(stage, { x: 0.1, y: 0.12 }, { x: 0.83, y: 0.9 }, frame, 1);
					await form.getByRole("radio", { name: "Draw the detection region" }).check();
					await stage.scrollIntoViewIfNeeded();
					// From the lower right to the upper left, beginning outside the region of interest.
					const droi = await draw(stage, { x: 0.95, y: 0.95 }, { x: 0.3, y: 0.25 }, { width: 100, height: 100 }, 100);
					for (const [side, label] of Object.entries({
						x: "x, px",
						y: "y, px",
						width: "Width, px",
						height: "Height, px",
					}))
						expect(await form.getByLabel(label, { exact: true }).inputValue()).toBe(
							String(roi[side as keyof typeof roi]),
						);

					await form.getByRole("button", { name: "Recreate the stream" }).click();
					await reads(panel(desk.page, "Now"), /Version\s*2/);
					const { data } = await api.expect<Stored>(200, "GET", `/1/streams/${id}`);
					expect(data.rotation).toBe(rotation);
					expect(data.roi).toEqual({ ...roi, mode: "abs" });
					expect(data.droi).toEqual({ ...droi, mode: "percent" });
					// Processed anew with them, they are told and drawn on the picture.
					await reads(panel(desk.page, "Picture"), `from ${roi.x}, ${roi.y} px, size ${roi.width} × ${roi.height} px`);
					await desk.page.locator('.stage [data-region="droi"]').waitFor();
				} finally {
					await api.expect(204, "DELETE", `/1/streams/${id}`);
				}
			},
		);
	});
});

const panel = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });

async function boxOf(stage: Locator) {
	const box = await stage.boundingBox();
	if (box === null) throw new Error("the stage is not seen");
	return box;
}

/** Whether something is drawn in the middle of its canvas. */
function isPainted(stage: Locator): Promise<boolean> {
	return stage.locator("canvas").evaluate((canvas) => {
		const { width, height } = canvas as HTMLCanvasElement;
		const context = (canvas as HTMLCanvasElement).getContext("2d");
		return width > 0 && (context?.getImageData(width >> 1, height >> 1, 1, 1).data[3] ?? 0) > 0;
	});
}

/**
 * Drags from one place of the stage to another, both in shares of it; gives what was drawn, in units of the frame, of which a
 * whole one has so many `steps`.
 */
async function draw(stage: Locator, from: Point, to: Point, frame: typeof CAMERA, steps: number) {
	const box = await boxOf(stage);
	// Whole pixels of the screen, as a mouse has them.
	const pixel = ({ x, y }: Point): Point => ({
		x: Math.round(box.x + x * box.width),
		y: Math.round(box.y + y * box.height),
	});
	const [start, end] = [pixel(from), pixel(to)];
	const { mouse } = stage.page();
	await mouse.move(start.x, start.y);
	await mouse.down();
	await mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
	await mouse.move(end.x, end.y);
	await mouse.up();
	const edge = (at: number, begin: number, length: number, unit: number) =>
		Math.round(((at - begin) / length) * unit * steps) / steps;
	const [left = 0, right = 0] = [start.x, end.x].map((x) => edge(x, box.x, box.width, frame.width)).toSorted(ascending);
	const [top = 0, bottom = 0] = [start.y, end.y]
		.map((y) => edge(y, box.y, box.height, frame.height))
		.toSorted(ascending);
	const length = (last: number, first: number) => Math.round((last - first) * steps) / steps;
	return { x: left, y: top, width: length(right, left), height: length(bottom, top) };
}

const ascending = (a: number, b: number): number => a - b;
