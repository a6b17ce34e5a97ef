/** A part of the frame as the API has it: pixels (`abs`) or percent of the frame. A width or height of 0 goes to the frame's edge. */
export interface Region {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly mode: "abs" | "percent";
}

export interface Size {
	readonly width: number;
	readonly height: number;
}

/** A rectangle in shares of the frame, 0..1. */
export interface Rect {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

export const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };

/** The largest pixel that the API takes. */
const MAX_PIXEL = 65_536;

/** The frame as it is looked at: the source's picture, turned clockwise. Regions are given in it. */
export function turnedFrame(source: Size, rotation: number): Size {
	return rotation === 90 || rotation === 270 ? { width: source.height, height: source.width } : source;
}

/** Where a region lies; all zero is the whole frame, and what sticks out is cut off. */
export function rectOf(region: Region, frame: Size): Rect {
	const unit = region.mode === "percent" ? { width: 100, height: 100 } : frame;
	const left = share(region.x, unit.width);
	const top = share(region.y, unit.height);
	const right = region.width === 0 ? 1 : share(region.x + region.width, unit.width);
	const bottom = region.height === 0 ? 1 : share(region.y + region.height, unit.height);
	return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** A rectangle as a region: whole pixels, or percent with two decimals; never beyond the frame. */
export function regionOf(rect: Rect, frame: Size, mode: Region["mode"]): Region {
	const [x, width] = span(rect.x, rect.width, mode === "percent" ? 100 : Math.min(frame.width, MAX_PIXEL), mode);
	const [y, height] = span(rect.y, rect.height, mode === "percent" ? 100 : Math.min(frame.height, MAX_PIXEL), mode);
	return { x, y, width, height, mode };
}

/** Both ends are rounded, not the length, so that the far edge stays where it was drawn. */
function span(from: number, length: number, unit: number, mode: Region["mode"]): [number, number] {
	const steps = mode === "percent" ? 100 : 1;
	const last = Math.floor(unit * steps);
	const start = Math.min(Math.round(from * unit * steps), last - 1);
	const end = Math.min(Math.max(Math.round((from + length) * unit * steps), start + 1), last);
	return [Math.max(0, start) / steps, (end - Math.max(0, start)) / steps];
}

/**
 * Where in the frame the agent's picture lies. The reference agent shows the region of interest only; another one may show the
 * whole frame: the shape of the picture tells which.
 */
export function pictureArea(picture: Size, frame: Size, roi: Rect): Rect {
	const shape = Math.log(picture.width / picture.height);
	const ofRoi = Math.log((roi.width * frame.width) / (roi.height * frame.height));
	const ofFrame = Math.log(frame.width / frame.height);
	return Math.abs(shape - ofFrame) + 0.01 < Math.abs(shape - ofRoi) ? WHOLE : roi;
}

/** A corner or edge that is pulled: which sides move with it. */
export interface Handle {
	readonly horizontal: -1 | 0 | 1;
	readonly vertical: -1 | 0 | 1;
}

export const HANDLES: readonly Handle[] = [
	{ horizontal: -1, vertical: -1 },
	{ horizontal: 0, vertical: -1 },
	{ horizontal: 1, vertical: -1 },
	{ horizontal: 1, vertical: 0 },
	{ horizontal: 1, vertical: 1 },
	{ horizontal: 0, vertical: 1 },
	{ horizontal: -1, vertical: 1 },
	{ horizontal: -1, vertical: 0 },
];

/** The smallest side that can be drawn, as a share of the frame. */
const SMALLEST = 0.01;

/** The rectangle moved, and stopped by the frame. */
export function moved(rect: Rect, dx: number, dy: number): Rect {
	return {
		...rect,
		x: clamp(rect.x + dx, 0, 1 - rect.width),
		y: clamp(rect.y + dy, 0, 1 - rect.height),
	};
}

/** The rectangle with a handle pulled; the opposite side stays. */
export function resized(rect: Rect, { horizontal, vertical }: Handle, dx: number, dy: number): Rect {
	const [x, width] = pulled(rect.x, rect.width, horizontal, dx);
	const [y, height] = pulled(rect.y, rect.height, vertical, dy);
	return { x, y, width, height };
}

function pulled(from: number, length: number, side: -1 | 0 | 1, by: number): [number, number] {
	const end = from + length;
	if (side === -1) {
		const start = clamp(from + by, 0, Math.max(0, end - SMALLEST));
		return [start, end - start];
	}
	if (side === 1) return [from, clamp(end + by, Math.min(1, from + SMALLEST), 1) - from];
	return [from, length];
}

/** The rectangle between two corners, wherever each is; at least as large as can be drawn. */
export function drawn(a: { x: number; y: number }, b: { x: number; y: number }): Rect {
	const x = clamp(Math.min(a.x, b.x), 0, 1 - SMALLEST);
	const y = clamp(Math.min(a.y, b.y), 0, 1 - SMALLEST);
	return {
		x,
		y,
		width: clamp(Math.max(a.x, b.x) - x, SMALLEST, 1 - x),
		height: clamp(Math.max(a.y, b.y) - y, SMALLEST, 1 - y),
	};
}

function share(value: number, unit: number): number {
	return unit > 0 ? clamp(value / unit, 0, 1) : 0;
}

function clamp(value: number, least: number, most: number): number {
	return Math.min(Math.max(value, least), Math.max(least, most));
}
