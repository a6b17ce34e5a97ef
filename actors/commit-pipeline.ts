import type { Database } from "../persistence/database.ts";
import { RunningPart } from "../persistence/service.ts";
import { isRefusedData } from "../persistence/sql-state.ts";
import { type Change, commitChanges } from "../persistence/streams/commit.ts";
import type { Clock } from "./clock.ts";
import type { Bus, StreamEvent } from "./cluster/cluster.ts";
import { previewMarks } from "./preview-marks.ts";
import type { Registry } from "./registry.ts";
import type { StreamActor } from "./stream-actor.ts";

/**
 * Statements at the same time. While the database works at one, the changes that came in meanwhile go out in the other:
 * neither waits for the other's way there and back. Streams are locked in the same order by both.
 */
const LANES = 2;
/** Changes of one statement at most. */
const LARGEST_BATCH = 500;

/** What the group commit did so far: many changes to few commits. */
export interface CommitCounts {
	commits: number;
	changes: number;
	/** Changes that met another revision and were made again. */
	lost: number;
}

/**
 * Group commit: writes the changes of all actors that became ready while the previous commit was under way as one batch,
 * in one statement. Actors hear what became of their change, and the bus hears of the batch, after the commit and not
 * before.
 */
export class CommitPipeline extends RunningPart {
	readonly name = "commit pipeline";
	readonly #database: Database;
	readonly #bus: Bus;
	readonly #clock: Clock;
	readonly #registry: () => Registry;
	readonly #onCommit: (milliseconds: number, changes: number) => void;
	readonly #ready = new Set<StreamActor>();
	readonly #working = new Set<Promise<void>>();
	#lanes = 0;
	readonly counts: CommitCounts = { commits: 0, changes: 0, lost: 0 };

	constructor(options: {
		database: Database;
		bus: Bus;
		clock: Clock;
		registry: () => Registry;
		/** A statement with so many changes was carried out, in so many milliseconds. */
		onCommit: (milliseconds: number, changes: number) => void;
	}) {
		super();
		this.#database = options.database;
		this.#bus = options.bus;
		this.#clock = options.clock;
		this.#registry = options.registry;
		this.#onCommit = options.onCommit;
	}

	/** The actor has a change; it will be asked for it when its batch is made. Bounded by the number of resident actors. */
	enqueue(actor: StreamActor): void {
		this.#ready.add(actor);
		if (this.#lanes === LANES) return;
		this.#lanes++;
		// A turn later, so that everything that came in with the same packets goes out together.
		const lane = Promise.resolve()
			.then(() => this.#work())
			.finally(() => this.#working.delete(lane));
		this.#working.add(lane);
	}

	protected override async onStart(): Promise<void> {}

	/** Resolves when everything that had been asked for is written. */
	protected override async onStop(): Promise<void> {
		await Promise.all(this.#working);
	}

	async #work(): Promise<void> {
		try {
			while (this.#ready.size > 0) {
				const batch = new Map<string, StreamActor>();
				for (const actor of this.#ready) {
					// An actor that was let go may still have a change while its successor has one too: one row, one change.
					if (batch.has(actor.stream_id)) continue;
					this.#ready.delete(actor);
					if (actor.ready) batch.set(actor.stream_id, actor);
					if (batch.size === LARGEST_BATCH) break;
				}
				await this.#commit([...batch.values()].map((actor) => ({ actor, change: actor.begin() })));
			}
		} finally {
			// In the turn in which nothing was left: who comes after it begins anew.
			this.#lanes--;
		}
	}

	async #commit(batch: { actor: StreamActor; change: Change }[]): Promise<void> {
		if (batch.length === 0) return;
		this.counts.commits++;
		try {
			const changes = batch.map(({ change }) => change);
			const sent = this.#clock.monotonic();
			const written = await this.#database.run("commands", (sql) => commitChanges(sql, changes));
			this.#onCommit(this.#clock.monotonic() - sent, batch.length);
			const events: StreamEvent[] = [];
			for (const { actor, change } of batch) {
				if (written.has(change.stream_id)) {
					this.counts.changes++;
					events.push(eventOf(change, this.#clock.wall()));
					this.#registry().committed(actor);
				} else {
					this.counts.lost++;
					this.#registry().lost(actor);
				}
			}
			if (events.length > 0) this.#bus.publish({ events });
		} catch (error) {
			if (batch.length > 1 && isRefusedData(error)) {
				const middle = batch.length >> 1;
				await this.#commit(batch.slice(0, middle));
				await this.#commit(batch.slice(middle));
			} else for (const { actor } of batch) this.#registry().failed(actor, error);
		}
	}
}

function eventOf(change: Change, at: number): StreamEvent {
	return {
		stream_id: change.stream_id,
		account_id: change.account_id,
		revision: change.revision + 1,
		version: change.version,
		status: change.status,
		records: change.records.map((record) => record.status),
		...(change.preview !== undefined && { preview: previewMarks(change.preview) }),
		at,
	};
}
