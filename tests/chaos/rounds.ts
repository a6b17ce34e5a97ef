import { loadavg } from "node:os";
import { newSeed } from "../support/seeded-random.ts";

/** `npm run chaos`: everything, in full length. In `npm test` each scenario shows once, quickly, that it holds. */
export const long = process.env["CHAOS"] === "long";

/** How many rounds: those of `--rounds`, or the scenario's own. */
export function rounds(short: number, full: number): number {
	const given = process.env["CHAOS_ROUNDS"];
	if (given !== undefined) return Number(given);
	return long ? full : short;
}

/** One of two figures, by the length of the run. */
export function either<T>(short: T, full: T): T {
	return long ? full : short;
}

/** The seeds of so many rounds: they follow from one, which TEST_SEED gives. */
export function seeds(count: number): number[] {
	const first = newSeed();
	return Array.from({ length: count }, (_, at) => (first + at) % 2 ** 31);
}

/** Prints figures, with what else the machine had to do. */
export function say(text: string): void {
	console.log(`${text} (load average ${loadavg()[0]?.toFixed(1)})`);
}

/** Seconds since a moment of `performance.now()`. */
export function since(began: number): number {
	return (performance.now() - began) / 1000;
}
