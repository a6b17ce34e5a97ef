import type { StreamMachine } from "../machines/stream-machine.ts";
import type { Database } from "../persistence/database.ts";
import { unavailable } from "../persistence/fault.ts";
import { loadStates, type StreamState } from "../persistence/streams/load.ts";
import { Batcher } from "./batcher.ts";
import { NO_LUGGAGE } from "./change-draft.ts";
import type { Clock } from "./clock.ts";
import { Lifecycle } from "./lifecycle.ts";
import { type ActorTelemetry, type Command, type Outcome, StreamActor } from "./stream-actor.ts";

export interface RegistryOptions {
	database: Database;
	machine: StreamMachine;
	clock: Clock;
	/** No other node writes: a resident actor is never stale. */
	alone: boolean;
	/** Actors that may be resident; beyond it idle ones are let go, and twice as many are never resident. */
	maxResident: number;
	/** Milliseconds without use after which an actor is let go. */
	idleAfter: number;
	/** An actor has a change to commit. */
	onReady: (actor: StreamActor) => void;
	/** What was known of a stream through its actor is not known any more. */
	onDrop: (stream_id: string) => void;
}

export type NewCommand = Pick<Command, "event"> &
	Partial<Pick<Command, "luggage" | "accounts">> & {
		/**
		 * The answer may say no without writing anything, so no guard would find a stale copy: with other nodes about, the row
		 * is loaded anew first.
		 */
		fresh?: boolean;
	};

interface Loading {
	/** In their order of arrival: what waits for the row. */
	commands: Command[];
	/** The row changed while it was being read: what was read is not to be used. */
	voided: boolean;
	done: Promise<void>;
	missing: boolean;
	/** What the actor before it was told and has not written: the next one of the same run knows it before its commands. */
	telemetry: ActorTelemetry | null;
}

/** A change that loses its guard so often is met by something stronger than chance. */
const MOST_ATTEMPTS = 8;
const LOAD_BATCH = 1_000;
const LOAD_QUEUE = 100_000;
const SWEEP_SLICE = 5_000;
/** Items of one feedback body: all of its actors may be busy at once, whatever the bound. */
const LARGEST_BODY = 10_000;
/** Actors that are looked at to make room for one. */
const ROOM_LOOKS = 50;

/**
 * The resident actors. Any stream can be spoken to: an actor that is not resident is loaded, those of one turn of the
 * event loop by one statement; an actor that nobody uses is let go. A copy that is found stale is dropped, never mended.
 */
export class Registry {
	readonly #options: RegistryOptions;
	readonly #residents = new Map<string, StreamActor>();
	readonly #loading = new Map<string, Loading>();
	readonly #loads: Batcher<string, StreamState | null>;
	readonly #lifecycle: Lifecycle;
	readonly #watches = new Set<Set<string>>();
	#sweeping: IterableIterator<StreamActor> | null = null;

	constructor(options: RegistryOptions) {
		this.#options = options;
		this.#lifecycle = new Lifecycle(options.machine);
		this.#loads = new Batcher({
			part: "database",
			largest: LOAD_BATCH,
			queue: LOAD_QUEUE,
			work: async (ids) => {
				const states = await options.database.run("commands", (sql) => loadStates(sql, ids));
				const byId = new Map(states.map((state) => [state.stream_id, state]));
				return ids.map((id) => byId.get(id) ?? null);
			},
		});
	}

	get size(): number {
		return this.#residents.size;
	}

	/** Statements that loaded actors. */
	get loads(): number {
		return this.#loads.batches;
	}

	peek(stream_id: string): StreamActor | undefined {
		return this.#residents.get(stream_id);
	}

	/** Resolves when the actors of these streams are resident. Answers the ids that no stream has. */
	async ensure(stream_ids: Iterable<string>): Promise<Set<string>> {
		const pending: Promise<void>[] = [];
		const loadings: [string, Loading][] = [];
		for (const id of stream_ids) {
			if (this.#residents.has(id)) continue;
			const loading = this.#load(id);
			loadings.push([id, loading]);
			pending.push(loading.done);
		}
		await Promise.all(pending);
		return new Set(loadings.filter(([, loading]) => loading.missing).map(([id]) => id));
	}

	/** Gives a stream something to do. Resolves when what became of it is committed. */
	submit(stream_id: string, { fresh = false, ...command }: NewCommand): Promise<Outcome> {
		const before = this.#residents.get(stream_id);
		if (fresh && !this.#options.alone) this.invalidate([stream_id]);
		return new Promise((resolve, reject) => {
			this.#give(stream_id, { luggage: NO_LUGGAGE, accounts: null, ...command, attempts: 0, resolve, reject });
			if (before?.gone) this.#keepTelemetry(before);
		});
	}

	#give(stream_id: string, command: Command): void {
		const actor = this.#residents.get(stream_id);
		if (!actor) {
			const loading = this.#load(stream_id);
			loading.commands.push(command);
			return;
		}
		actor.submit(command);
		if (actor.ready) this.#options.onReady(actor);
	}

	#load(stream_id: string): Loading {
		const known = this.#loading.get(stream_id);
		if (known) return known;
		const loading: Loading = {
			commands: [],
			voided: false,
			missing: false,
			telemetry: null,
			done: Promise.resolve(),
		};
		this.#loading.set(stream_id, loading);
		loading.done = this.#bringIn(stream_id, loading);
		// Commands hear of a failure by themselves; a load that nobody else waits for must not count as unhandled.
		loading.done.catch(() => undefined);
		return loading;
	}

	async #bringIn(stream_id: string, loading: Loading): Promise<void> {
		try {
			let state: StreamState | null;
			let attempt = 0;
			do {
				if (++attempt > MOST_ATTEMPTS) throw unavailable("stream");
				loading.voided = false;
				state = await this.#loads.submit(stream_id);
			} while (loading.voided);
			this.#loading.delete(stream_id);
			if (state === null) {
				loading.missing = true;
				for (const command of loading.commands) command.resolve({ kind: "not_found" });
				return;
			}
			this.#makeRoom();
			const actor = new StreamActor(this.#lifecycle, state, this.#options.clock);
			if (actor.status === "in_progress" && actor.run === loading.telemetry?.run) actor.telemetry = loading.telemetry;
			this.#residents.set(stream_id, actor);
			for (const command of loading.commands) this.#give(stream_id, command);
		} catch (error) {
			this.#loading.delete(stream_id);
			for (const command of loading.commands) command.reject(error);
			throw error;
		}
	}

	/** These rows were changed by somebody else: what is known of them here is not to be used any more. */
	invalidate(stream_ids: Iterable<string>): void {
		for (const id of stream_ids) {
			for (const watch of this.#watches) watch.add(id);
			const loading = this.#loading.get(id);
			if (loading) loading.voided = true;
			const actor = this.#residents.get(id);
			if (actor) this.drop(actor);
		}
	}

	/** Messages may have been missed: every copy is doubtful. */
	invalidateAll(): void {
		this.#watches.clear();
		for (const loading of this.#loading.values()) loading.voided = true;
		for (const actor of [...this.#residents.values()]) this.drop(actor);
	}

	/** Lets an actor go. What it has under way ends through the pipeline; nobody new comes to it. */
	drop(actor: StreamActor): void {
		this.#options.onDrop(actor.stream_id);
		if (this.#residents.get(actor.stream_id) === actor) this.#residents.delete(actor.stream_id);
		actor.gone = true;
	}

	/** From now on it is noted which streams change, until `settle`: for a statement that writes rows and shows them. */
	watch(): Set<string> {
		const changed = new Set<string>();
		this.#watches.add(changed);
		return changed;
	}

	/**
	 * Ends a watch, and makes the actors of what its statement has written, so that they need not be loaded for their first
	 * feedback: those that have not changed again since, and no more than are resident anyway.
	 */
	settle(changed: Set<string>, states: readonly StreamState[]): void {
		const watched = this.#watches.delete(changed);
		for (const state of states) {
			const { stream_id } = state;
			const overtaken = !watched || changed.has(stream_id) || this.#loading.has(stream_id);
			this.invalidate([stream_id]);
			if (overtaken || this.#residents.size >= this.#options.maxResident) continue;
			this.#residents.set(stream_id, new StreamActor(this.#lifecycle, state, this.#options.clock));
		}
	}

	/** The actor's change is committed. */
	committed(actor: StreamActor): void {
		for (const watch of this.#watches) watch.add(actor.stream_id);
		actor.committed();
		if (actor.gone) {
			// It was let go with this change under way: its successor may have been loaded before the change.
			const successor = this.#residents.get(actor.stream_id);
			if (successor !== undefined && successor.revision < actor.revision) this.drop(successor);
			this.#redo(actor);
		} else if (actor.ready) this.#options.onReady(actor);
	}

	/** The actor's change met another revision: everything not committed is evaluated again on the row loaded anew. */
	lost(actor: StreamActor): void {
		this.#redo(actor);
	}

	/** The actor's change could not be written, and what the row holds now is not known. */
	failed(actor: StreamActor, error: unknown): void {
		const commands = actor.surrender();
		this.drop(actor);
		this.invalidate([actor.stream_id]);
		for (const command of commands) command.reject(error);
	}

	#redo(actor: StreamActor): void {
		const commands = actor.surrender();
		this.drop(actor);
		// The row that is being loaded for somebody else may have been read before the change that won.
		const loading = this.#loading.get(actor.stream_id);
		if (loading) loading.voided = true;
		for (const command of commands) {
			if (command.attempts >= MOST_ATTEMPTS) command.reject(unavailable("stream"));
			else this.#give(actor.stream_id, command);
		}
		this.#keepTelemetry(actor);
	}

	/** A sign of life that was not written yet goes over to the next actor of the same run, when one is being loaded. */
	#keepTelemetry({ stream_id, telemetry }: StreamActor): void {
		const loading = this.#loading.get(stream_id);
		if (loading && telemetry?.dirty) loading.telemetry = telemetry;
	}

	/**
	 * At the bound an idle actor goes for each that comes. Actors that are busy get a second chance, at the end of the line, so
	 * that one look is never long; when hardly anybody is idle the number may double, and then the answer is Fault 39905.
	 */
	#makeRoom(): void {
		if (this.#residents.size < this.#options.maxResident) return;
		let looks = 0;
		for (const actor of this.#residents.values()) {
			if (isIdle(actor)) {
				this.drop(actor);
				return;
			}
			this.#residents.delete(actor.stream_id);
			this.#residents.set(actor.stream_id, actor);
			if (++looks === ROOM_LOOKS) break;
		}
		if (this.#residents.size >= 2 * this.#options.maxResident + LARGEST_BODY) throw unavailable("actors");
	}

	/** Lets idle actors go, a slice at a time, so that no sweep is ever long. To be called about once a second. */
	sweep(): void {
		const idleSince = this.#options.clock.monotonic() - this.#options.idleAfter;
		this.#sweeping ??= this.#residents.values();
		for (let looked = 0; looked < SWEEP_SLICE; looked++) {
			const next = this.#sweeping.next();
			if (next.done) {
				this.#sweeping = null;
				return;
			}
			if (next.value.used < idleSince && isIdle(next.value)) this.drop(next.value);
		}
	}

	/** Lets every actor go; to be called when the pipeline has stopped. */
	async clear(): Promise<void> {
		await this.#loads.close();
		const stopped = unavailable("service");
		for (const actor of [...this.#residents.values()]) this.failed(actor, stopped);
		this.#loads.open();
	}
}

function isIdle(actor: StreamActor): boolean {
	return actor.settled && !actor.telemetry?.dirty;
}
