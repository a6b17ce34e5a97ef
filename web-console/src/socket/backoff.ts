/** The longest pause before the next attempt, in milliseconds. */
const LONGEST_MS = 10_000;
const FIRST_MS = 400;

/**
 * Milliseconds before attempt number `failures + 1` to connect: twice as long each time, up to ten seconds, and somewhere in the upper
 * three quarters of that, so that all the pages of a service that went do not come back in one moment.
 *
 * @param random 0..1
 */
export function pauseBefore(failures: number, random: number): number {
	const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
	return Math.round(whole * (0.25 + 0.75 * random));
}
