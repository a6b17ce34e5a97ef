const LONGEST_HOLD = 300;

/**
 * Seconds for which a stream that has just lost its handler for the `lost_count`-th time in a row is held back from the
 * queue: nothing up to `lostLimit`, then 1 s, doubled each time up to 300 s. Such a stream may be what kills its agents
 * (contract, section 8).
 */
export function holdBack(lost_count: number, lostLimit: number): number {
	const beyond = lost_count - lostLimit;
	return beyond <= 0 ? 0 : Math.min(LONGEST_HOLD, 2 ** (beyond - 1));
}
