/** The space between tiles and around them, px. */
export const GAP = 6;
/** Height of the words below a picture, px. */
export const WORDS = 26;
export const SMALLEST = 160;
export const LARGEST = 640;
export const STEP = 40;
const USUAL = 280;

export interface WallLayout {
	readonly columns: number;
	/** Height of a row of tiles with the gap below it, px. */
	readonly row: number;
}

/** How tiles that are to be about so wide fill a wall of this width; pictures are 16 by 9. */
export function layoutOf(width: number, size: number): WallLayout {
	const columns = Math.max(1, Math.round((width - GAP) / (size + GAP)));
	const tile = Math.max(1, (width - GAP) / columns - GAP);
	return { columns, row: Math.round((tile * 9) / 16) + WORDS + GAP };
}

/** The size of tiles in an address; what is not one is the usual. */
export function sizeOf(text: string | null): number {
	const size = Number(text ?? "");
	return Number.isInteger(size) && size >= SMALLEST && size <= LARGEST ? size : USUAL;
}
