import { batch, type ReadonlySignal, signal } from "@preact/signals";
import {
	CLOSE_CODES,
	type ClientMessage,
	type Position,
	type ServerMessage,
} from "../../../client/console/protocol.ts";
import { pauseBefore } from "./backoff.ts";
import type { Failed, Heard, Hello, Question, Remark } from "./messages.ts";
import { Outbox } from "./outbox.ts";
import type { Dial, Timers, Wire } from "./wire.ts";

/** `refused`: the service wants somebody to log in again; nothing is tried until `retry`. */
export type ConnectionState = "connecting" | "connected" | "lost" | "refused";

export interface Subscriber {
	/**
	 * What is to be asked, now and after every break. `since`: up to where this subscription has heard everything; null before its
	 * first answer.
	 */
	question(since: Position | null): Question;
	hear(message: Heard): void;
}

export interface Subscription {
	/** The question has changed: ask again. What was heard so far is of another question, so nothing is resumed. */
	ask(): void;
	/** Says something beside the question; lost when there is no connection, so say it again after the next answer. */
	say(remark: Remark): void;
	end(): void;
}

export interface ConnectionOptions {
	readonly dial: Dial;
	readonly timers: Timers;
	/** 0..1 */
	readonly random: () => number;
}

interface Entry {
	readonly subscriber: Subscriber;
	/** Set by the first answer on the present wire. */
	answered: boolean;
	since: Position | null;
}

/** A wire that says nothing for so long is asked something; one that then is still silent is given up. */
const QUIET_MS = 20_000;
const PROBE_MS = 10_000;
/** Of the question that only wants to hear whether somebody is there. */
const PROBE_SUB = 0;

/**
 * The console's one socket: opened again when it breaks, with all subscriptions asked again from where each stood. Whoever
 * subscribes need not know of breaks.
 */
export class Connection {
	readonly #options: ConnectionOptions;
	readonly #outbox: Outbox;
	readonly #state = signal<ConnectionState>("connecting");
	readonly #hello = signal<Hello | null>(null);
	readonly #entries = new Map<number, Entry>();
	readonly #pictureListeners = new Set<(frame: ArrayBuffer) => void>();
	readonly #groupListeners = new Set<() => void>();
	#wire: Wire | undefined;
	#running = false;
	#failures = 0;
	#lastSub = PROBE_SUB;
	#bootId = "";
	#heardAt = 0;
	#probing = false;
	#redial: unknown;
	#watch: unknown;

	constructor(options: ConnectionOptions) {
		this.#options = options;
		this.#outbox = new Outbox(options.timers);
	}

	get state(): ReadonlySignal<ConnectionState> {
		return this.#state;
	}

	/** What the service said of itself and of the caller; of the last connection while there is none. */
	get hello(): ReadonlySignal<Hello | null> {
		return this.#hello;
	}

	start(): void {
		if (this.#running) return;
		this.#running = true;
		this.#dial();
	}

	stop(): void {
		this.#running = false;
		this.#options.timers.clear(this.#redial);
		this.#drop();
	}

	/** Tries at once, instead of when the pause is over: the network is back, or somebody has logged in. */
	retry(): void {
		if (!this.#running || this.#wire !== undefined) return;
		this.#options.timers.clear(this.#redial);
		this.#dial();
	}

	/** Somebody has to log in first, which a socket that cannot be opened does not tell. */
	refuse(): void {
		if (!this.#running || this.#state.peek() === "connected") return;
		this.#options.timers.clear(this.#redial);
		this.#drop();
		this.#state.value = "refused";
	}

	subscribe(subscriber: Subscriber): Subscription {
		const sub = ++this.#lastSub;
		const entry: Entry = { subscriber, answered: false, since: null };
		this.#entries.set(sub, entry);
		this.#ask(sub, entry);
		return {
			ask: () => {
				entry.since = null;
				entry.answered = false;
				this.#ask(sub, entry);
			},
			say: (remark) => {
				if (this.#state.peek() === "connected") this.#outbox.post({ ...remark, sub });
			},
			end: () => {
				if (this.#entries.delete(sub)) this.#outbox.post({ op: "end", sub });
			},
		};
	}

	/** Asks for these pictures instead of the earlier ones; to be said again after every `hello`. */
	wantPictures(streams: Extract<ClientMessage, { op: "pictures" }>["streams"]): void {
		if (this.#state.peek() === "connected") this.#outbox.post({ op: "pictures", streams });
	}

	/** Calls back with every binary frame, until the returned function is called. */
	onPicture(listener: (frame: ArrayBuffer) => void): () => void {
		this.#pictureListeners.add(listener);
		return () => this.#pictureListeners.delete(listener);
	}

	/** Calls back whenever lists of groups are to be asked for again, after a break too. */
	onGroups(listener: () => void): () => void {
		this.#groupListeners.add(listener);
		return () => this.#groupListeners.delete(listener);
	}

	#dial(): void {
		if (this.#state.peek() !== "lost") this.#state.value = "connecting";
		let wire: Wire | undefined;
		const current = () => wire !== undefined && wire === this.#wire;
		wire = this.#options.dial({
			onOpen: () => {},
			onText: (text) => current() && this.#onText(text),
			onBinary: (frame) => {
				if (!current()) return;
				this.#heardAt = this.#options.timers.now();
				for (const listener of this.#pictureListeners) listener(frame);
			},
			onClosed: (code) => current() && this.#onClosed(code),
		});
		this.#wire = wire;
		this.#heardAt = this.#options.timers.now();
		this.#probing = false;
		this.#listen(QUIET_MS);
	}

	#onText(text: string): void {
		this.#heardAt = this.#options.timers.now();
		this.#probing = false;
		// The service is of one version with the page that it serves: what it says has the agreed form.
		const message = JSON.parse(text) as ServerMessage;
		batch(() => this.#hear(message));
	}

	#hear(message: ServerMessage): void {
		switch (message.type) {
			case "hello":
				this.#onHello(message);
				return;
			case "groups":
				for (const listener of this.#groupListeners) listener();
				return;
			case "changes":
				this.#onChanges(message);
				return;
			case "error":
				if (message.sub === undefined)
					console.error(`The service refused a message: ${message.desc}: ${message.detail}`);
				else this.#tell(message.sub, { ...message, sub: message.sub } satisfies Failed);
				return;
			case "snapshot": {
				const entry = this.#entries.get(message.sub);
				if (entry !== undefined) {
					entry.answered = true;
					entry.since = message.position;
				}
				this.#tell(message.sub, message);
				return;
			}
			default:
				this.#tell(message.sub, message);
		}
	}

	#tell(sub: number, message: Heard): void {
		this.#entries.get(sub)?.subscriber.hear(message);
	}

	#onHello(hello: Hello): void {
		this.#failures = 0;
		this.#bootId = hello.position.boot_id;
		this.#outbox.useWire(this.#wire);
		this.#hello.value = hello;
		this.#state.value = "connected";
		for (const [sub, entry] of this.#entries) {
			entry.answered = false;
			this.#ask(sub, entry);
		}
		for (const listener of this.#groupListeners) listener();
	}

	/** Whoever has had its first answer on this wire has now heard everything up to this number, whether it was in it or not. */
	#onChanges({ number, subs }: Extract<ServerMessage, { type: "changes" }>): void {
		for (const changes of subs) {
			const entry = this.#entries.get(changes.sub);
			if (entry === undefined) continue;
			entry.answered = true;
			entry.subscriber.hear({ type: "changes", number, ...changes });
		}
		for (const entry of this.#entries.values()) {
			if (!entry.answered) continue;
			if (entry.since?.boot_id !== this.#bootId || number > entry.since.number) {
				entry.since = { boot_id: this.#bootId, number };
			}
		}
	}

	#ask(sub: number, entry: Entry): void {
		if (this.#state.peek() !== "connected") return;
		this.#outbox.post({ ...entry.subscriber.question(entry.since), sub });
	}

	#onClosed(code: number): void {
		this.#drop();
		if (!this.#running) return;
		if (code === CLOSE_CODES.unauthorized) {
			this.#state.value = "refused";
			return;
		}
		this.#state.value = "lost";
		this.#redial = this.#options.timers.set(() => this.#dial(), pauseBefore(this.#failures++, this.#options.random()));
	}

	#drop(): void {
		const wire = this.#wire;
		this.#wire = undefined;
		this.#outbox.useWire(undefined);
		this.#options.timers.clear(this.#watch);
		wire?.close();
	}

	/** A wire can be dead without a sign: a laptop slept, a switch went. */
	#listen(ms: number): void {
		this.#watch = this.#options.timers.set(() => {
			const quiet = this.#options.timers.now() - this.#heardAt;
			if (!this.#probing && quiet < QUIET_MS) {
				this.#listen(QUIET_MS - quiet);
			} else if (this.#probing || this.#state.peek() !== "connected") {
				this.#onClosed(0);
			} else {
				this.#probing = true;
				this.#outbox.post({ op: "counts", sub: PROBE_SUB });
				this.#listen(PROBE_MS);
			}
		}, ms);
	}
}
