import type { LifecyclePolicy } from "./policy.ts";

export type AutorestartState = "disabled" | "enabled" | "in_progress" | "failed" | "denied";

/** What a stream's own settings and past say about restarting it. */
export interface Autorestart {
	restart: 0 | 1;
	attempt_count: number;
	/** Seconds. */
	delay: number;
	current_attempt: number;
	autorestart_status: AutorestartState;
}

/** Where nothing is due: `enabled` when armed, `disabled` when the client does not want it. */
export function atRest(restart: 0 | 1): AutorestartState {
	return restart === 1 ? "enabled" : "disabled";
}

/**
 * What a failure leads to (contract, section 7): no restart wanted, a failure that no attempt would mend, attempts left,
 * or attempts used up. Only `in_progress` means that a restart is due.
 */
export function afterFailure(
	stream: Autorestart,
	error_code: number | null,
	fatalErrorCodes: ReadonlySet<number>,
): AutorestartState {
	if (stream.restart === 0) return "disabled";
	if (error_code !== null && fatalErrorCodes.has(error_code)) return "denied";
	return stream.current_attempt < stream.attempt_count ? "in_progress" : "failed";
}

/**
 * Seconds from a failure to its restart: `delay × backoffFactor^current_attempt`, at most `maxDelay` (which never
 * shortens `delay` itself), lengthened by 0..jitter of itself.
 *
 * @param random a number in [0, 1)
 */
export function restartDelay(
	stream: Pick<Autorestart, "delay" | "current_attempt">,
	policy: Pick<LifecyclePolicy, "backoffFactor" | "jitter" | "maxDelay">,
	random: number,
): number {
	// The power may overflow to Infinity; the cap holds that too.
	const grown = stream.delay * policy.backoffFactor ** stream.current_attempt;
	const capped = Math.min(grown, Math.max(policy.maxDelay, stream.delay));
	return capped * (1 + policy.jitter * random);
}
