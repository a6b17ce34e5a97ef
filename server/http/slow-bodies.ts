import type { Clock } from "../../actors/clock.ts";
import type { Exchange } from "./exchange.ts";

/** Milliseconds after which a body must have come, or come well: before the binding would look at its connection at all. */
const PATIENCE = 7_000;
/** Bytes that it must have brought until then: a KiB a second. */
const LEAST = 7 * 1_024;
/** So many are closed at once, and the next after so many milliseconds. */
const [AT_ONCE, PAUSE] = [20, 10];

/**
 * Ends requests whose bodies hardly come. The binding would do it by its own, but it closes all that are due in one go every four
 * seconds: of thousands that is a moment in which nobody is answered. Here each has its own time. One timer serves them all.
 */
export class SlowBodies {
	readonly #clock: Clock;
	/** Those whose bodies are not whole, the oldest first. */
	readonly #coming = new Set<Exchange>();
	#timer: NodeJS.Timeout | undefined;
	#next: NodeJS.Immediate | undefined;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Its body begins to come. */
	add(exchange: Exchange): void {
		this.#coming.add(exchange);
		// Left to run when they have come: most are here in a moment, and the next would start it again.
		if (this.#timer === undefined) this.#wake(PATIENCE);
	}

	/** Its body has come, or nobody waits for it any more. */
	delete(exchange: Exchange): void {
		this.#coming.delete(exchange);
	}

	/** Nothing is looked after any more. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		clearImmediate(this.#next);
		this.#coming.clear();
	}

	#wake(after: number): void {
		// Timers come before the sockets: after a moment in which the process stood still, what has come meanwhile is read first.
		this.#timer = setTimeout(() => {
			this.#next = setImmediate(() => this.#look());
		}, after);
		this.#timer.unref();
	}

	#look(): void {
		this.#timer = undefined;
		const now = this.#clock.monotonic();
		let closed = 0;
		for (const exchange of this.#coming) {
			const left = exchange.head.startedAt + PATIENCE - now;
			if (left > 0 || closed === AT_ONCE) {
				this.#wake(Math.max(left, PAUSE));
				return;
			}
			this.#coming.delete(exchange);
			const { incoming } = exchange;
			// Whole, while it is not known yet who sent it; or left to the binding, which wants more of it.
			if (incoming === undefined || incoming.over || incoming.received >= LEAST) continue;
			closed++;
			exchange.destroy();
		}
	}
}
