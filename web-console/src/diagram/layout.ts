import type { Status } from "../../../client/console/protocol.ts";
import { TRANSITIONS } from "./lifecycle.ts";

export const DIAGRAM = { width: 560, height: 208 } as const;
export const BOX = { width: 104, height: 30 } as const;

/** Middles of the boxes. */
export const MIDDLES: Readonly<Record<Status, { readonly x: number; readonly y: number }>> = {
	pending: { x: 64, y: 72 },
	in_progress: { x: 258, y: 72 },
	done: { x: 490, y: 36 },
	failure: { x: 490, y: 108 },
	pause: { x: 150, y: 182 },
	cancel: { x: 366, y: 182 },
};

/** How far an arrow is bent away from the straight line, so that it passes boxes by. */
const BENDS: Readonly<Record<string, number>> = { "done pending": 36, "failure pending": -32 };
/** Arrows there and back run beside each other. */
const APART = 5;

export interface Arrow {
	readonly from: Status;
	readonly to: Status;
	/** The path of the line, from border to border. */
	readonly path: string;
}

/** One arrow for all ways from a status to another. Ways back to the same status are not drawn. */
export const ARROWS: readonly Arrow[] = arrows();

function arrows(): Arrow[] {
	const pairs = new Map<string, { from: Status; to: Status }>();
	for (const { from, to } of TRANSITIONS) {
		if (to !== "deleted" && to !== from) pairs.set(`${from} ${to}`, { from, to });
	}
	return [...pairs].map(([name, { from, to }]) => ({
		from,
		to,
		path: line(from, to, BENDS[name] ?? 0, pairs.has(`${to} ${from}`) ? APART : 0),
	}));
}

function line(from: Status, to: Status, bend: number, apart: number): string {
	const a = MIDDLES[from];
	const b = MIDDLES[to];
	const length = Math.hypot(b.x - a.x, b.y - a.y);
	const across = { x: (b.y - a.y) / length, y: (a.x - b.x) / length };
	const shift = (point: { x: number; y: number }, by: number) => ({
		x: point.x + across.x * by,
		y: point.y + across.y * by,
	});
	// The middle of the curve is half as far away as its control point.
	const control = shift({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, apart - 2 * bend);
	const start = border(shift(a, apart), a, control, 0);
	const end = border(shift(b, apart), b, control, 4);
	return `M${text(start)} Q${text(control)} ${text(end)}`;
}

/** Where the way from a point near the middle of a box towards another point leaves the box, and `gap` beyond. */
function border(
	from: { x: number; y: number },
	middle: { x: number; y: number },
	to: { x: number; y: number },
	gap: number,
) {
	const dx = to.x - from.x;
	const dy = to.y - from.y;
	const reach = (delta: number, at: number, centre: number, half: number) =>
		delta === 0 ? Number.POSITIVE_INFINITY : (centre + Math.sign(delta) * (half + gap) - at) / delta;
	const share = Math.min(reach(dx, from.x, middle.x, BOX.width / 2), reach(dy, from.y, middle.y, BOX.height / 2));
	return { x: from.x + dx * share, y: from.y + dy * share };
}

function text({ x, y }: { x: number; y: number }): string {
	return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
