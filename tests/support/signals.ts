import { setTimeout as sleep } from "node:timers/promises";
import { ownTime } from "./own-time.ts";

/**
 * Calls `check` until it neither throws nor answers false, with short waits in between (1 ms at first, 50 ms at most),
 * and gives its answer. After `timeoutMs` of this process's own time (default 10,000) it throws what the last call threw. The only
 * waiting by time that tests do.
 */
export async function eventually<T>(
	check: () => T | Promise<T>,
	{ timeoutMs = 10_000 } = {},
): Promise<Exclude<T, false>> {
	const deadline = ownTime() + timeoutMs;
	for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
		try {
			const answer = await check();
			if (answer !== false) return answer as Exclude<T, false>;
			throw new Error("The check answered false.");
		} catch (error) {
			// Not yet; the last reason is the one to tell.
			if (ownTime() > deadline) throw error;
		}
		await sleep(pause);
	}
}

export interface Deferred<T> {
	promise: Promise<T>;
	resolve(value: T): void;
	reject(reason: unknown): void;
}

/** A promise that somebody else settles. */
export function deferred<T = void>(): Deferred<T> {
	let settle: Pick<Deferred<T>, "resolve" | "reject"> | undefined;
	const promise = new Promise<T>((resolve, reject) => {
		settle = { resolve, reject };
	});
	return { promise, ...settle! };
}
