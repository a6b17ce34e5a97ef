import type { Database } from "../persistence/database.ts";
import { unavailable } from "../persistence/fault.ts";
import type { Scope } from "../persistence/scope.ts";
import { RunningPart } from "../persistence/service.ts";
import type { QueueFilters, StreamRow } from "../persistence/stream-row.ts";
import type { StreamState } from "../persistence/streams/load.ts";
import { countTakeable, type TakenStream, takeStreams } from "../persistence/streams/take.ts";
import type { Clock } from "./clock.ts";
import type { Bus, BusMessage } from "./cluster/cluster.ts";
import type { TakeRequest } from "./engine.ts";
import { Periodic } from "./periodic.ts";
import { filtersBytes, filtersKey, isConfined } from "./queue-filters.ts";
import type { Registry } from "./registry.ts";
import { Takers } from "./takers.ts";
import { Turns } from "./turns.ts";

export interface QueueOptions {
	database: Database;
	registry: Registry;
	bus: Bus;
	clock: Clock;
	/** Streams that one take gives at most. */
	maxTake: number;
	/** Takers that may wait; one more is Fault 39905. */
	maxWaiters: number;
	/**
	 * Bytes that the filters of those may take together; one whose filters do not fit is Fault 39905, too. A list of ids or names
	 * may fill a body, since the reference page bounds none. As much again for those who do not wait.
	 */
	maxFilterBytes: number;
	log: { warn(fields: object, message: string): void };
}

/** Milliseconds between two looks while somebody waits: what no message told of is found by the next one. */
const LOOK_INTERVAL = 1_000;
/** Milliseconds in which wake-ups are gathered: a burst of new streams costs one look. */
const GATHER = 10;
/** Different filters in one look. */
const LOOK_BATCH = 50;
/** Statements at once: thousands that come or are woken together must not fill the way to the database. */
const TRIES = 4;
/** Of these with the same filters: more would only step over each other's locks. Who comes meanwhile shares the next one. */
const SAME = 2;
/** Streams that one statement takes for several takers at most. */
const SHARED = 500;
/** Takers that do not wait for streams, but for their turn. */
const MOST_AT_ONCE = 1_000;
/** Milliseconds that they wait for it; then they are told to come again (39905). */
const LONGEST_TURN = 2_000;

/** A taker, from its coming to its answer. */
interface Waiter {
	request: TakeRequest;
	limit: number;
	/** Equal for equal filters. */
	key: string;
	/** What its filters take. */
	bytes: number;
	/** Its statement is under way, or its turn for one comes. */
	taking: boolean;
	/** A look passed it by because it was taking: what its own statement was too early for may be there by now. */
	passedBy: boolean;
	over: boolean;
	resolve: (taken: StreamRow[]) => void;
	reject: (error: unknown) => void;
	end: () => void;
}

/**
 * Hands pending streams to agents (contract, section 5). A take that finds nothing may wait: the waiters of this node are
 * looked for by one statement together, when a message says that something may be takeable, and at least once a second.
 */
export class Queue extends RunningPart {
	readonly name = "queue";
	readonly #options: QueueOptions;
	/** Those who wait for streams. */
	readonly #waiters: Takers<Waiter>;
	/** Those who are answered with what there is. */
	readonly #atOnce: Takers<Waiter>;
	/** Those of both whose turn to take comes. */
	readonly #turns = new Turns<Waiter>();
	readonly #tries = new Set<Promise<void>>();
	/** How many of these by the key of their filters. */
	readonly #tried = new Map<string, number>();
	readonly #looks: Periodic;
	#gathering: NodeJS.Timeout | null = null;
	#unsubscribe: (() => void) | null = null;
	/** Streams handed out, and statements that handed them out. */
	taken = 0;
	takes = 0;

	constructor(options: QueueOptions) {
		super();
		this.#options = options;
		this.#waiters = new Takers(options.maxWaiters, options.maxFilterBytes);
		this.#atOnce = new Takers(MOST_AT_ONCE, options.maxFilterBytes);
		this.#looks = new Periodic({
			name: "queue",
			interval: LOOK_INTERVAL,
			work: () => this.#look(),
			log: options.log,
		});
	}

	get waiting(): number {
		return this.#waiters.size;
	}

	/** How many wait for streams of this scope alone. */
	waitingWithin(scope: Scope): number {
		let count = 0;
		for (const { request } of this.#waiters) if (isConfined(request.filters, scope)) count++;
		return count;
	}

	/** Takes; with `wait` it resolves when something was taken, the time is over, the connection is gone or the service stops. */
	async take(request: TakeRequest): Promise<StreamRow[]> {
		if (!this.running) throw unavailable("queue");
		// Nobody is there to receive what would be taken.
		if (request.signal.aborted) return [];
		if (!this.#like(request).admits(filtersBytes(request.filters))) throw unavailable("queue");
		return new Promise((resolve, reject) => this.#come(request, resolve, reject));
	}

	/** All who take in the same way. */
	#like({ wait }: TakeRequest): Takers<Waiter> {
		return wait > 0 ? this.#waiters : this.#atOnce;
	}

	/** Who waits is registered first and looked for then, so that what becomes takeable in between is not missed. */
	#come(request: TakeRequest, resolve: (taken: StreamRow[]) => void, reject: (error: unknown) => void): void {
		const takers = this.#like(request);
		const over = () => {
			waiter.over = true;
			// A take under way ends first: what it takes belongs to this answer.
			if (!waiter.taking || this.#turns.has(waiter)) this.#answer(waiter, []);
		};
		const late = () => {
			if (!this.#turns.has(waiter)) return;
			waiter.end();
			reject(unavailable("queue"));
		};
		const timer = request.wait > 0 ? setTimeout(over, request.wait * 1000) : setTimeout(late, LONGEST_TURN);
		request.signal.addEventListener("abort", over, { once: true });
		const waiter: Waiter = {
			request,
			limit: Math.min(request.limit, this.#options.maxTake),
			key: filtersKey(request.filters),
			bytes: filtersBytes(request.filters),
			taking: false,
			passedBy: false,
			over: request.wait === 0,
			resolve,
			reject,
			end: () => {
				clearTimeout(timer);
				request.signal.removeEventListener("abort", over);
				takers.delete(waiter);
				this.#turns.delete(waiter);
			},
		};
		takers.add(waiter);
		this.#begin(waiter);
	}

	#begin(waiter: Waiter): void {
		waiter.taking = true;
		this.#turns.add(waiter);
		this.#nextTurns();
	}

	#nextTurns(): void {
		while (this.#tries.size < TRIES) {
			const together = this.#turns.next((key) => this.#underWay(key) < SAME, SHARED);
			const [first] = together;
			if (first === undefined) return;
			const { key } = first;
			this.#tried.set(key, this.#underWay(key) + 1);
			const attempt = this.#try(together).finally(() => {
				this.#tries.delete(attempt);
				const left = this.#underWay(key) - 1;
				if (left > 0) this.#tried.set(key, left);
				else this.#tried.delete(key);
				this.#nextTurns();
			});
			this.#tries.add(attempt);
		}
	}

	/** Statements with these filters. */
	#underWay(key: string): number {
		return this.#tried.get(key) ?? 0;
	}

	#answer(waiter: Waiter, taken: StreamRow[]): void {
		waiter.end();
		waiter.resolve(taken);
	}

	async #try(waiters: readonly Waiter[]): Promise<void> {
		try {
			const taken = await this.#take(waiters);
			for (const [index, waiter] of waiters.entries()) this.#got(waiter, taken[index] ?? []);
		} catch (error) {
			for (const waiter of waiters) {
				waiter.end();
				waiter.reject(error);
			}
		}
	}

	#got(waiter: Waiter, taken: StreamRow[]): void {
		waiter.taking = false;
		if (taken.length > 0 || waiter.over) this.#answer(waiter, taken);
		else if (waiter.passedBy) this.#looks.soon();
		waiter.passedBy = false;
	}

	/** What each of them gets; their filters are the same. */
	async #take(waiters: readonly Waiter[]): Promise<StreamRow[][]> {
		const { database, registry } = this.#options;
		const filters = waiters[0]?.request.filters ?? {};
		const takers = waiters.map(({ limit, request: { agent_id } }) => ({ limit, agent_id }));
		const changed = registry.watch();
		let written: TakenStream[][] = [];
		try {
			written = await database.run("commands", (sql) => takeStreams(sql, filters, takers));
		} finally {
			registry.settle(changed, written.flat().map(stateOf));
		}
		const taken = written.map((streams) => streams.map(({ row }) => row));
		const all = taken.flat();
		this.takes++;
		this.taken += all.length;
		if (all.length === 0) return taken;
		const at = this.#options.clock.wall();
		this.#options.bus.publish({
			events: all.map(({ stream_id, account_id, revision, version, status }) => ({
				stream_id,
				account_id,
				revision,
				version,
				status,
				taken: true,
				records: [status],
				at,
			})),
		});
		return taken;
	}

	async #look(): Promise<void> {
		for (const waiter of this.#waiters) waiter.passedBy = waiter.taking && !this.#turns.has(waiter);
		const waiting = [...this.#waiters].filter((waiter) => !waiter.taking);
		if (waiting.length === 0) return;
		const asked = new Map<string, { filters: QueueFilters; limit: number }>();
		for (const { key, limit, request } of waiting) {
			const known = asked.get(key);
			if (known) known.limit += limit;
			else asked.set(key, { filters: request.filters, limit });
		}
		const keys = [...asked.keys()];
		for (let from = 0; from < keys.length; from += LOOK_BATCH) {
			const batch = keys.slice(from, from + LOOK_BATCH);
			const questions = batch.flatMap((key) => asked.get(key) ?? []);
			const counts = await this.#options.database.run("commands", (sql) => countTakeable(sql, questions));
			const left = new Map(batch.map((key, index) => [key, counts[index] ?? 0]));
			for (const waiter of waiting) {
				const streams = left.get(waiter.key) ?? 0;
				if (streams <= 0 || waiter.taking || !this.#waiters.has(waiter)) continue;
				left.set(waiter.key, streams - waiter.limit);
				this.#begin(waiter);
			}
		}
	}

	#onMessage(message: BusMessage): void {
		if (this.#waiters.size === 0 || this.#gathering) return;
		if (!message.linked && !message.events.some((event) => event.status === "pending")) return;
		this.#gathering = setTimeout(() => {
			this.#gathering = null;
			this.#looks.soon();
		}, GATHER);
	}

	protected override async onStart(): Promise<void> {
		this.#unsubscribe = this.#options.bus.subscribe((message) => this.#onMessage(message));
		await this.#looks.start();
	}

	/** Every waiter gets its answer at once, with what there is. */
	protected override async onStop(): Promise<void> {
		this.#unsubscribe?.();
		this.#unsubscribe = null;
		if (this.#gathering) clearTimeout(this.#gathering);
		this.#gathering = null;
		await this.#looks.stop();
		for (const waiter of [...this.#waiters, ...this.#atOnce]) {
			waiter.over = true;
			if (!waiter.taking || this.#turns.has(waiter)) this.#answer(waiter, []);
		}
		await Promise.all(this.#tries);
	}
}

/** What its actor knows of a stream that was taken just now. */
function stateOf({ row, data_type, lost_count }: TakenStream): StreamState {
	const { stream_id, account_id, status, version, revision, run, agent_id, restart, attempt_count, delay } = row;
	const { current_attempt, autorestart_status, last_error, preview } = row;
	return {
		stream_id,
		account_id,
		data_type,
		status,
		version,
		revision,
		run,
		agent_id,
		restart,
		attempt_count,
		delay,
		current_attempt,
		autorestart_status,
		lost_count,
		last_error,
		preview,
		feedback_age: 0,
		healthy_age: null,
		due_in: null,
	};
}
