import type { Database } from "../persistence/database.ts";
import { RunningPart } from "../persistence/service.ts";
import { flushTelemetry, type Telemetry } from "../persistence/streams/flush-telemetry.ts";
import type { Clock } from "./clock.ts";
import { Periodic } from "./periodic.ts";
import type { Registry } from "./registry.ts";
import { jsonOf } from "./reported.ts";
import type { StreamActor } from "./stream-actor.ts";

/** Rows of one statement at most. */
const LARGEST_FLUSH = 5_000;

export interface TelemetryFlushOptions {
	database: Database;
	registry: Registry;
	clock: Clock;
	/** Milliseconds between two flushes. */
	interval: number;
	/** Milliseconds after which a sign of life is not worth writing: the obsoleting period. */
	period: number;
	log: { warn(fields: object, message: string): void };
}

/**
 * Writes the newest telemetry of the actors that have some, together, once an interval. One flush at a time: under load
 * the interval stretches instead.
 */
export class TelemetryFlush extends RunningPart {
	readonly name = "telemetry flush";
	readonly #options: TelemetryFlushOptions;
	/** Each once. */
	#dirty: StreamActor[] = [];
	readonly #rounds: Periodic;
	#flushing: Promise<void> | null = null;
	/** Statements and rows so far. */
	flushes = 0;
	rows = 0;

	constructor(options: TelemetryFlushOptions) {
		super();
		this.#options = options;
		this.#rounds = new Periodic({
			name: "telemetry flush",
			interval: options.interval,
			work: () => (this.#dirty.length > 0 ? this.flush() : undefined),
			log: options.log,
		});
	}

	/** The actor has telemetry to write. Bounded by the number of resident actors. */
	mark(actor: StreamActor): void {
		if (actor.marked) return;
		actor.marked = true;
		this.#dirty.push(actor);
	}

	/** Writes everything that is marked now; resolves when it is written. Rejects with Fault 39905 when it cannot be. */
	async flush(): Promise<void> {
		// What is under way may have begun before the caller's mark.
		await this.#flushing?.catch(() => undefined);
		this.#flushing ??= this.#writeAll().finally(() => {
			this.#flushing = null;
		});
		return this.#flushing;
	}

	protected override async onStart(): Promise<void> {
		await this.#rounds.start();
	}

	protected override async onStop(): Promise<void> {
		await this.#rounds.stop();
		try {
			await this.flush();
		} catch (error) {
			// The database is away: signs of life are the one thing that may be lost.
			this.#options.log.warn({ err: error }, "the last telemetry could not be written");
		}
		for (const actor of this.#dirty.splice(0)) actor.marked = false;
	}

	async #writeAll(): Promise<void> {
		// What is marked meanwhile is for the next flush: under load this one would never end.
		const marked = this.#dirty;
		this.#dirty = [];
		let at = 0;
		try {
			while (at < marked.length) {
				// An actor that was let go may have telemetry besides its successor: one row, the newest of the two.
				const batch = new Map<string, StreamActor>();
				for (; at < marked.length && batch.size < LARGEST_FLUSH; at++) {
					const actor = marked[at];
					if (actor === undefined) continue;
					actor.marked = false;
					if (actor.telemetry?.dirty) batch.set(actor.stream_id, newer(batch.get(actor.stream_id), actor));
				}
				await this.#write([...batch.values()]);
			}
		} catch (error) {
			// They are marked still.
			this.#dirty = marked.slice(at).concat(this.#dirty);
			throw error;
		}
	}

	async #write(batch: readonly StreamActor[]): Promise<void> {
		const now = this.#options.clock.monotonic();
		const sent: { actor: StreamActor; heard: number; row: Telemetry }[] = [];
		for (const actor of batch) {
			const { telemetry } = actor;
			if (telemetry === null) continue;
			if (now - telemetry.heard > this.#options.period) {
				// The database was away for so long that this says nothing any more.
				telemetry.dirty = false;
				continue;
			}
			const { stream_id, version } = actor;
			const { run, heard, video_info } = telemetry;
			sent.push({
				actor,
				heard,
				row: { stream_id, version, run, age: (now - heard) / 1000, video_info: jsonOf(video_info) },
			});
		}
		if (sent.length === 0) return;
		const rows = sent.map(({ row }) => row);
		let missed: Set<string>;
		try {
			missed = await this.#options.database.run("commands", (sql) => flushTelemetry(sql, rows));
		} catch (error) {
			for (const { actor } of sent) if (!actor.gone) this.mark(actor);
			throw error;
		}
		this.flushes++;
		this.rows += rows.length;
		const flushed = this.#options.clock.monotonic();
		for (const { actor, heard } of sent) {
			const { telemetry } = actor;
			// The row is in another run: what this actor knows is old, and the next feedback is judged on fresh data. One that
			// was let go before may have written past what is known since.
			if (missed.has(actor.stream_id) || actor.gone) this.#options.registry.drop(actor);
			else if (telemetry !== null) {
				if (telemetry.heard === heard) telemetry.dirty = false;
				telemetry.flushed = flushed;
			}
		}
	}
}

/** Of two actors of one stream that have telemetry, the one that heard last, with what only the other one was told. */
function newer(one: StreamActor | undefined, other: StreamActor): StreamActor {
	if (one?.telemetry == null || other.telemetry === null) return other;
	const [older, newest] = one.telemetry.heard > other.telemetry.heard ? [other, one] : [one, other];
	if (older.telemetry?.run === newest.telemetry?.run && newest.telemetry?.video_info === null)
		newest.telemetry.video_info = older.telemetry?.video_info ?? null;
	return newest;
}
