import { Fault } from "../../persistence/fault.ts";
import type { Scope } from "../../persistence/scope.ts";
import { everything } from "../../persistence/scope.ts";
import type { StreamStatus } from "../../persistence/stream-row.ts";
import type { HttpLogger } from "../http/options.ts";
import type { StatusCounts } from "../schemas/console/sets.ts";
import type { Session, Subscription } from "./session.ts";
import { statusCounts } from "./status-counts.ts";

/** Milliseconds between two counts at least. */
const INTERVAL = 1_000;
/** A count that takes long is made the less often: this many times its cost lies between two. */
const STRETCH = 20;
/** Milliseconds between two points of the history, and how many points there are: ten minutes. */
const SAMPLE = 5_000;
const SAMPLES = 120;
/** Milliseconds that the history of a scope goes on when nobody looks at it any more. */
const REMEMBERED = 600_000;
/** Scopes that nobody looks from any more and whose history goes on; beyond it the one left first is forgotten. */
const MOST_LEFT = 100;

const STATUSES: readonly StreamStatus[] = ["pending", "in_progress", "done", "pause", "cancel", "failure"];

export interface CountsOptions {
	count: (scope: Scope) => Promise<Map<StreamStatus, number>>;
	log: HttpLogger;
}

interface Listener extends Subscription {
	session: Session;
	sub: number;
	told: string;
	tell(): void;
}

/** The counters of one scope. */
interface Tally {
	key: string;
	scope: Scope;
	counts: StatusCounts | null;
	history: Record<StreamStatus, number[]>;
	listeners: Set<Listener>;
	/** Something happened since they were counted. */
	stale: boolean;
	counting: boolean;
	/** On the monotonic clock: when they were counted, may be counted again, were kept for the history, and when somebody last listened. */
	counted: number;
	next: number;
	sampled: number;
	heard: number;
}

/** How many streams show each status, for each scope that somebody looks from; counted only while something happens. */
export class Counts {
	readonly #options: CountsOptions;
	readonly #tallies = new Map<string, Tally>();
	/** Those that nobody listens to any more, as they were left. */
	readonly #left = new Set<Tally>();

	constructor(options: CountsOptions) {
		this.#options = options;
		this.#tally(everything);
	}

	/** How many of all streams show each status, some seconds old at most; null before they were counted first. */
	get everywhere(): StatusCounts | null {
		return this.#tally(everything).counts;
	}

	/** Something happened to some stream. */
	touch(): void {
		for (const tally of this.#tallies.values()) tally.stale = true;
	}

	subscribe(session: Session, sub: number): Subscription {
		const tally = this.#tally(session.caller);
		const listener: Listener = {
			session,
			sub,
			told: "",
			tell: () => {
				if (tally.counts === null || session.behind) return;
				const { counts, history } = tally;
				const text = JSON.stringify({ type: "counts", sub, counts, history });
				if (text !== listener.told) session.sendText(text);
				listener.told = text;
			},
			caughtUp: () => listener.tell(),
			end: () => {
				tally.heard = performance.now();
				if (tally.listeners.delete(listener) && tally.listeners.size === 0) this.#leave(tally);
			},
		};
		tally.listeners.add(listener);
		this.#left.delete(tally);
		listener.tell();
		void this.#count(tally, performance.now());
		return listener;
	}

	/** Looks after the counters, several times a second. */
	tick(now: number): void {
		for (const tally of this.#tallies.values()) {
			const listened = tally.listeners.size > 0;
			if (listened) tally.heard = now;
			else if (now - tally.heard > REMEMBERED && tally.scope !== everything && this.#forget(tally)) continue;
			if (listened || now >= tally.counted + SAMPLE) void this.#count(tally, now);
			if (now >= tally.sampled + SAMPLE && tally.counts !== null) this.#sample(tally, now);
		}
	}

	#leave(tally: Tally): void {
		if (tally.scope === everything) return;
		this.#left.add(tally);
		for (const one of this.#left) {
			if (this.#left.size <= MOST_LEFT) return;
			this.#forget(one);
		}
	}

	/** False while it is counted: another count would run beside it. */
	#forget(left: Tally): boolean {
		if (left.counting) return false;
		this.#left.delete(left);
		return this.#tallies.delete(left.key);
	}

	#tally(scope: Scope): Tally {
		const key = JSON.stringify([scope.accounts, scope.groups]);
		const known = this.#tallies.get(key);
		if (known !== undefined) return known;
		const tally: Tally = {
			key,
			scope: scope.accounts === null && scope.groups === null ? everything : scope,
			counts: null,
			history: { pending: [], in_progress: [], done: [], pause: [], cancel: [], failure: [] },
			listeners: new Set(),
			stale: true,
			counting: false,
			counted: Number.NEGATIVE_INFINITY,
			next: 0,
			sampled: 0,
			heard: performance.now(),
		};
		this.#tallies.set(key, tally);
		return tally;
	}

	async #count(tally: Tally, now: number): Promise<void> {
		if (tally.counting || !tally.stale || now < tally.next) return;
		tally.counting = true;
		tally.stale = false;
		const began = performance.now();
		try {
			const found = await this.#options.count(tally.scope);
			tally.counts = statusCounts(found);
			for (const listener of tally.listeners) listener.tell();
		} catch (error) {
			tally.stale = true;
			if (!(error instanceof Fault)) this.#options.log.error({ err: error }, "counting for the console failed");
		}
		const cost = performance.now() - began;
		tally.counted = began;
		tally.next = began + Math.max(INTERVAL, cost * STRETCH);
		tally.counting = false;
	}

	#sample(tally: Tally, now: number): void {
		tally.sampled = now;
		for (const status of STATUSES) {
			const points = tally.history[status];
			points.push(tally.counts?.[status] ?? 0);
			if (points.length > SAMPLES) points.shift();
		}
		for (const listener of tally.listeners) listener.tell();
	}
}
