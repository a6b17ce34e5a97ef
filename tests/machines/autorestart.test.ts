import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterFailure, atRest, restartDelay } from "../../machines/autorestart.ts";
import { DEFAULT_POLICY } from "../../machines/policy.ts";
import { seedFor } from "./seed.ts";

const MOST = 2_147_483_647;
const seed = seedFor("autorestart");
const options = { seed, numRuns: 5_000 };

const delay = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: MOST }));
const attempt = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: MOST }));
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const policy = fc.record({
	backoffFactor: fc.oneof(fc.constant(1), fc.double({ min: 1, max: 10, noNaN: true }), fc.constant(Number.MAX_VALUE)),
	jitter: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5, noNaN: true })),
	maxDelay: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(MOST)),
});
/** Where two ways of reckoning may differ in the last bits. */
const SLACK = 1e-9;

describe("the delay of an autorestart", () => {
	it("is the stream's own delay, whatever the attempt, by default", () => {
		fc.assert(
			fc.property(
				delay.filter((seconds) => seconds <= DEFAULT_POLICY.maxDelay),
				attempt,
				random,
				(seconds, current_attempt, dice) =>
					restartDelay({ delay: seconds, current_attempt }, DEFAULT_POLICY, dice) === seconds,
			),
			options,
		);
	});

	it("is never shorter than `delay`, not even by MAX_DELAY", () => {
		fc.assert(
			fc.property(delay, attempt, policy, random, (seconds, current_attempt, rules, dice) => {
				expect(restartDelay({ delay: seconds, current_attempt }, rules, dice)).toBeGreaterThanOrEqual(seconds);
			}),
			options,
		);
	});

	it("is never longer than MAX_DELAY (or `delay`, if that is longer) and the jitter on top", () => {
		fc.assert(
			fc.property(delay, attempt, policy, random, (seconds, current_attempt, rules, dice) => {
				const most = Math.max(seconds, rules.maxDelay) * (1 + rules.jitter);
				expect(restartDelay({ delay: seconds, current_attempt }, rules, dice)).toBeLessThanOrEqual(most * (1 + SLACK));
			}),
			options,
		);
	});

	it("is a finite number, however many attempts were made and however steep the back-off is", () => {
		fc.assert(
			fc.property(delay, attempt, policy, random, (seconds, current_attempt, rules, dice) =>
				Number.isFinite(restartDelay({ delay: seconds, current_attempt }, rules, dice)),
			),
			options,
		);
		expect(
			restartDelay(
				{ delay: MOST, current_attempt: MOST },
				{ backoffFactor: Number.MAX_VALUE, jitter: 0, maxDelay: 60 },
				0.5,
			),
		).toBe(MOST);
	});

	it("does not shrink from one attempt to the next", () => {
		fc.assert(
			fc.property(
				delay,
				fc.integer({ min: 0, max: 1_000 }),
				policy,
				random,
				(seconds, current_attempt, rules, dice) => {
					const now = restartDelay({ delay: seconds, current_attempt }, rules, dice);
					const next = restartDelay({ delay: seconds, current_attempt: current_attempt + 1 }, rules, dice);
					expect(next).toBeGreaterThanOrEqual(now);
				},
			),
			options,
		);
	});

	it("is delay × BACKOFF_FACTOR^current_attempt below the cap", () => {
		const rules = { backoffFactor: 3, jitter: 0, maxDelay: 1_000 };
		const delays = [0, 1, 2, 3, 4, 5].map((current_attempt) => restartDelay({ delay: 5, current_attempt }, rules, 0.9));
		expect(delays).toEqual([5, 15, 45, 135, 405, 1_000]);
	});

	it("is lengthened by 0..JITTER of itself", () => {
		const rules = { backoffFactor: 1, jitter: 0.2, maxDelay: 3_600 };
		expect(restartDelay({ delay: 60, current_attempt: 0 }, rules, 0)).toBe(60);
		expect(restartDelay({ delay: 60, current_attempt: 0 }, rules, 0.5)).toBeCloseTo(66, 9);
		expect(restartDelay({ delay: 60, current_attempt: 0 }, rules, 1 - Number.EPSILON)).toBeLessThanOrEqual(72);
	});
});

describe("what a failure leads to", () => {
	const stream = fc.record({
		restart: fc.constantFrom(0 as const, 1 as const),
		attempt_count: fc.integer({ min: 1, max: 5 }),
		delay,
		current_attempt: fc.integer({ min: 0, max: 5 }),
		autorestart_status: fc.constantFrom("disabled", "enabled", "in_progress", "failed", "denied"),
	});
	const code = fc.option(fc.integer({ min: 0, max: 4 }));
	const fatal = fc.uniqueArray(fc.integer({ min: 0, max: 4 })).map((codes) => new Set(codes));

	it("depends on restart, then on the error's code, then on the attempts left, and on nothing else", () => {
		fc.assert(
			fc.property(stream, code, fatal, (failed, error_code, codes) => {
				const expected =
					failed.restart === 0
						? "disabled"
						: error_code !== null && codes.has(error_code)
							? "denied"
							: failed.current_attempt < failed.attempt_count
								? "in_progress"
								: "failed";
				expect(afterFailure(failed, error_code, codes)).toBe(expected);
			}),
			options,
		);
	});

	it("restart 0 always reads disabled, at rest as well", () => {
		expect(atRest(0)).toBe("disabled");
		expect(atRest(1)).toBe("enabled");
	});
});
