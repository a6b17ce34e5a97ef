/** Milliseconds between two ticks, and the most that one counts. */
const TICK = 5;
const MOST = 2 * TICK;

const began = performance.now();
let counted = 0;
let last = began;

setInterval(() => {
	const now = performance.now();
	counted += Math.min(now - last, MOST);
	last = now;
}, TICK).unref();

/**
 * Milliseconds, from any moment on, in which this process was there to run: what a busy machine takes from it counts
 * next to nothing. For upper bounds of what the service does in this same process by its timers, and whose cause would
 * otherwise be whoever else runs here. It cannot tell of work that blocks the process itself.
 */
export function ownTime(): number {
	return counted + Math.min(performance.now() - last, MOST);
}

/** Milliseconds that this process was kept from running so far: to be added to bounds of what other clocks measured. */
export function lateness(): number {
	return performance.now() - began - ownTime();
}
