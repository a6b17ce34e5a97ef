/** What one round of something measured. */
export interface Figure {
	/** Items a second. */
	rate: number;
	/** Of one request, milliseconds; absent where there are no requests. */
	p50?: number;
	p99?: number;
	p999?: number;
}

export function median(numbers: readonly number[]): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The median of each part that the rounds have. */
export function medianFigure(rounds: readonly Figure[]): Figure {
	const of = (part: keyof Figure) => rounds.flatMap((round) => round[part] ?? []);
	const figure: Figure = { rate: Math.round(median(of("rate"))) };
	for (const part of ["p50", "p99", "p999"] as const)
		if (of(part).length > 0) figure[part] = Math.round(median(of(part)) * 100) / 100;
	return figure;
}

export function pause(seconds: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
