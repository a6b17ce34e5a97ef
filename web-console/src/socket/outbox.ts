import type { ClientMessage } from "../../../client/console/protocol.ts";
import type { Timers, Wire } from "./wire.ts";

/** What may wait inside the browser before nothing more is given to it. */
const MAX_BUFFERED = 65_536;
const RETRY_MS = 100;

/**
 * What the page is about to say, the newest of each kind: a table that scrolls says ten times a second what is on its screen, and only
 * the last of that is worth sending. So it stays small, however slow the wire is.
 */
export class Outbox {
	readonly #timers: Timers;
	readonly #messages = new Map<string, ClientMessage>();
	#wire: Wire | undefined;
	#timer: unknown;

	constructor(timers: Timers) {
		this.#timers = timers;
	}

	/** What was to be said on the last wire is not said on the next. */
	useWire(wire: Wire | undefined): void {
		this.#wire = wire;
		this.#messages.clear();
		this.#timers.clear(this.#timer);
		this.#timer = undefined;
	}

	post(message: ClientMessage): void {
		if (this.#wire === undefined) return;
		if (message.op === "end") this.#forget(message.sub);
		this.#messages.set(keyOf(message), message);
		this.#later(0);
	}

	#forget(sub: number): void {
		for (const [key, message] of this.#messages)
			if ("sub" in message && message.sub === sub) this.#messages.delete(key);
	}

	#later(ms: number): void {
		this.#timer ??= this.#timers.set(() => {
			this.#timer = undefined;
			this.#flush();
		}, ms);
	}

	#flush(): void {
		for (const [key, message] of this.#messages) {
			if (this.#wire === undefined) return;
			if (this.#wire.bufferedAmount > MAX_BUFFERED) {
				this.#later(RETRY_MS);
				return;
			}
			this.#messages.delete(key);
			this.#wire.send(JSON.stringify(message));
		}
	}
}

function keyOf(message: ClientMessage): string {
	if (message.op === "pictures") return message.op;
	if (message.op === "rows") return `rows ${message.sub} ${message.from}`;
	return message.op === "watch" ? `watch ${message.sub}` : `ask ${message.sub}`;
}
