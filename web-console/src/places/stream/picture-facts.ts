import type { Region, Size } from "../../drawing/region.ts";

const WHOLE_REGION: Region = { x: 0, y: 0, width: 0, height: 0, mode: "abs" };

/** What of a stream's settings decides where things are in its picture. */
export interface PictureSettings {
	readonly roi: Region;
	readonly droi: Region;
	/** Degrees clockwise. */
	readonly rotation: number;
}

/** Reads them from a stream as the API shows it. */
export function pictureSettings(stream: Readonly<Record<string, unknown>>): PictureSettings {
	const data = record(stream["data"]);
	return { roi: regionFrom(data["roi"]), droi: regionFrom(data["droi"]), rotation: number(data["rotation"]) };
}

/** The size of the source's own picture, before it is turned; null while no agent has told. */
export function sourceSize(row: { width: number | null; height: number | null }): Size | null {
	return row.width && row.height ? { width: row.width, height: row.height } : null;
}

/** `the whole frame`, `x 10, y 20, 640 × 360 px` */
export function regionText({ x, y, width, height, mode }: Region): string {
	if (x === 0 && y === 0 && width === 0 && height === 0) return "the whole frame";
	const unit = mode === "abs" ? "px" : "%";
	return `from ${x}, ${y} ${unit}, size ${width || "to the edge"} × ${height || "to the edge"} ${unit}`;
}

function regionFrom(value: unknown): Region {
	const region = record(value);
	return {
		...WHOLE_REGION,
		x: number(region["x"]),
		y: number(region["y"]),
		width: number(region["width"]),
		height: number(region["height"]),
		mode: region["mode"] === "percent" ? "percent" : "abs",
	};
}

function record(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

function number(value: unknown): number {
	return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
