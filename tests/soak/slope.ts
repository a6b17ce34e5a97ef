/** A value at a moment, in seconds. */
export interface Sample {
	at: number;
	value: number;
}

/** How much the value grows in a second, by the line of least squares, and the standard error of that. */
export function slope(samples: readonly Sample[]): { growth: number; error: number } {
	const mean = (of: (sample: Sample) => number) => samples.reduce((sum, each) => sum + of(each), 0) / samples.length;
	const [at, value] = [mean((each) => each.at), mean((each) => each.value)];
	const spread = samples.reduce((sum, each) => sum + (each.at - at) ** 2, 0);
	if (spread === 0) return { growth: 0, error: Number.POSITIVE_INFINITY };
	const growth = samples.reduce((sum, each) => sum + (each.at - at) * (each.value - value), 0) / spread;
	const off = samples.reduce((sum, each) => sum + (each.value - value - growth * (each.at - at)) ** 2, 0);
	return {
		growth,
		error: samples.length > 2 ? Math.sqrt(off / (samples.length - 2) / spread) : Number.POSITIVE_INFINITY,
	};
}
