import type { Area } from "../api/taken-stream.ts";

/** A rectangle in whole pixels. */
export interface Crop {
	x: number;
	y: number;
	width: number;
	height: number;
}

/**
 * What of a picture of this size the region of interest means, cut to the picture. An area of zeros is the whole
 * picture, and a width or height of zero reaches to the edge. Null when nothing of it lies within the picture.
 */
export function cropOf(roi: Area, width: number, height: number): Crop | null {
	const share = roi.mode === "percent" ? { x: width / 100, y: height / 100 } : { x: 1, y: 1 };
	const left = Math.round(roi.x * share.x);
	const top = Math.round(roi.y * share.y);
	const right = roi.width === 0 ? width : Math.min(width, Math.round((roi.x + roi.width) * share.x));
	const bottom = roi.height === 0 ? height : Math.min(height, Math.round((roi.y + roi.height) * share.y));
	if (right - left < 2 || bottom - top < 2) return null;
	return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The size of a preview: as wide as preferred, never wider than the picture, both even as JPEG's chroma wants it. */
export function previewSize(crop: Crop, preferredWidth: number): { width: number; height: number } {
	const width = Math.min(crop.width, Math.max(16, preferredWidth), MAX_SIDE);
	const scale = Math.min(width / crop.width, MAX_SIDE / crop.height);
	return { width: even(crop.width * scale), height: even(crop.height * scale) };
}

/** Previews larger than this serve nobody. */
const MAX_SIDE = 3840;

function even(value: number): number {
	return Math.max(2, Math.round(value / 2) * 2);
}
