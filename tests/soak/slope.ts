/** A value at a moment, in seconds. */
export interface Sample {
	at: number;
	value: number;
}

/** How much the value grows in a second, by the line of least squares. */
export function slope(samples: readonly Sample[]): number {
	const mean = (of: (sample: Sample) => number) => samples.reduce((sum, each) => sum + of(each), 0) / samples.length;
	const [at, value] = [mean((each) => each.at), mean((each) => each.value)];
	const spread = samples.reduce((sum, each) => sum + (each.at - at) ** 2, 0);
	return spread === 0 ? 0 : samples.reduce((sum, each) => sum + (each.at - at) * (each.value - value), 0) / spread;
}
