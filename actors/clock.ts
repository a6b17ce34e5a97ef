/**
 * Time for measuring and time for showing, injected everywhere, so that a test can move it. Deadlines of streams compare
 * database time and never this.
 */
export interface Clock {
	/** Milliseconds on a clock that never goes back; only differences mean something. */
	monotonic(): number;
	/** Milliseconds since 1970, for showing. */
	wall(): number;
}

export const systemClock: Clock = { monotonic: () => performance.now(), wall: () => Date.now() };

/** A source of numbers in [0, 1). */
export type Random = () => number;
