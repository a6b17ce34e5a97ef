import { Fault } from "../../persistence/fault.ts";
import { everything, type Scope } from "../../persistence/scope.ts";
import { isWhole } from "../access/scope.ts";
import type { HttpLogger } from "../http/options.ts";
import type { Session, Subscription } from "./session.ts";

/** A statement that takes long is run the less often: this many times its cost lies between two. */
const STRETCH = 20;
/** What nothing tells of moves too, ages and counts per minute: milliseconds after which it is read again all the same. */
const AT_LATEST = 5_000;
/** Readings that nobody looks at any more and that are kept until they may be made again; beyond it the one left first goes. */
const MOST_LEFT = 100;

export interface TopicOptions<State> {
	/** For the log. */
	name: string;
	/** Milliseconds between two readings at least. */
	interval: number;
	read: (scope: Scope) => Promise<State>;
	/** The message about it, but for type and subscription. */
	members: (state: State) => object;
	type: string;
	log: HttpLogger;
}

interface Listener extends Subscription {
	tell(): void;
}

interface Reading {
	key: string;
	scope: Scope;
	/** What was read last; null before the first time. */
	text: string | null;
	stale: boolean;
	reading: boolean;
	/** On the monotonic clock: when it may be read again. */
	next: number;
	listeners: Set<Listener>;
}

/**
 * Something that pages look at and that is read for all of them together, once for each scope: while somebody looks and
 * something happened (or some time has passed), and not more often than its cost allows. What is the same as before is not told again.
 * A reading outlives its last listener until it may be made again: who comes back sooner is told what was read last.
 */
export class Topic<State> {
	readonly #options: TopicOptions<State>;
	readonly #readings = new Map<string, Reading>();
	/** Those that nobody looks at any more, as they were left. */
	readonly #left = new Set<Reading>();

	constructor(options: TopicOptions<State>) {
		this.#options = options;
	}

	/** Something happened: it is to be read again. */
	touch(): void {
		for (const reading of this.#readings.values()) reading.stale = true;
	}

	subscribe(session: Session, sub: number): Subscription {
		const key = JSON.stringify([session.caller.accounts, session.caller.groups]);
		const reading = this.#readings.get(key) ?? this.#begin(key, session.caller);
		let told = "";
		const listener: Listener = {
			answered: reading.text?.length ?? 0,
			tell: () => {
				if (reading.text === null || session.behind || reading.text === told) return;
				told = reading.text;
				session.sendText(`{"type":"${this.#options.type}","sub":${sub},${told.slice(1)}`);
			},
			caughtUp: () => listener.tell(),
			end: () => {
				if (reading.listeners.delete(listener) && reading.listeners.size === 0) this.#leave(reading);
			},
		};
		reading.listeners.add(listener);
		// What nothing tells of may have moved since: not older than it has to be.
		if (this.#left.delete(reading)) reading.stale = true;
		listener.tell();
		void this.#read(reading, performance.now());
		return listener;
	}

	/** Reads what is due, several times a second. */
	tick(now: number): void {
		for (const reading of this.#readings.values()) {
			if (now >= reading.next + AT_LATEST) reading.stale = true;
			if (reading.listeners.size > 0) void this.#read(reading, now);
			else if (now >= reading.next) this.#forget(reading);
		}
	}

	#leave(reading: Reading): void {
		this.#left.add(reading);
		for (const one of this.#left) {
			if (this.#left.size <= MOST_LEFT) return;
			this.#forget(one);
		}
	}

	/** Not while it is under way: another would run beside it. */
	#forget(left: Reading): void {
		if (left.reading) return;
		this.#left.delete(left);
		this.#readings.delete(left.key);
	}

	#begin(key: string, scope: Scope): Reading {
		const reading: Reading = {
			key,
			scope: isWhole(scope) ? everything : scope,
			text: null,
			stale: true,
			reading: false,
			next: 0,
			listeners: new Set(),
		};
		this.#readings.set(key, reading);
		return reading;
	}

	async #read(reading: Reading, now: number): Promise<void> {
		if (reading.reading || !reading.stale || now < reading.next) return;
		reading.reading = true;
		reading.stale = false;
		const began = performance.now();
		const { name, interval, read, members, log } = this.#options;
		try {
			reading.text = JSON.stringify(members(await read(reading.scope)));
			for (const listener of reading.listeners) listener.tell();
		} catch (error) {
			// Tried again: what pages show stays as it was meanwhile.
			reading.stale = true;
			if (!(error instanceof Fault)) log.error({ err: error }, `${name} for the console could not be read`);
		}
		reading.next = began + Math.max(interval, (performance.now() - began) * STRETCH);
		reading.reading = false;
	}
}
