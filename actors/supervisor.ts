import type { Database } from "../persistence/database.ts";
import { RunningPart } from "../persistence/service.ts";
import { findDue, findSilent, watch } from "../persistence/streams/watch.ts";
import { NO_LUGGAGE } from "./change-draft.ts";
import { type Cluster, SHARDS } from "./cluster/cluster.ts";
import { Periodic } from "./periodic.ts";
import type { Registry } from "./registry.ts";

export interface SupervisorOptions {
	database: Database;
	registry: Registry;
	cluster: Cluster;
	/** Seconds without feedback after which a stream has lost its handler. */
	period: number;
	/** Seconds between two looks for silent streams. */
	interval: number;
	log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Milliseconds between two looks for restarts that are due: they happen within a second of their time. */
const DUE_INTERVAL = 400;
/** Restarts in a second, at most, of all nodes together: those that fell due while nobody watched follow one after the other. */
const DUE_PER_SECOND = 1_000;
const SILENT_BATCH = 1_000;

/**
 * Watches the deadlines of the streams whose shards this node holds. Deadlines are data: it asks the database which are
 * over, by the database's clock, and gives those streams their event the same way as everybody else. A watcher too many,
 * or one that comes late, can only lose.
 */
export class Supervisor extends RunningPart {
	readonly name = "supervisor";
	readonly #options: SupervisorOptions;
	readonly #rounds: readonly Periodic[];
	/** Nobody watched before this node, as far as it can know: its first look begins a grace. */
	#first = true;
	/** The database was away, and agents could not report: the next look begins a grace. */
	#away = false;
	#inGrace = false;
	#unsubscribe: (() => void) | null = null;

	constructor(options: SupervisorOptions) {
		super();
		this.#options = options;
		const { log, interval } = options;
		this.#rounds = [
			new Periodic({
				name: "look for silent streams",
				interval: interval * 1000,
				first: 0,
				work: (stopping) => this.#lookForSilent(stopping),
				log,
			}),
			new Periodic({
				name: "look for due restarts",
				interval: DUE_INTERVAL,
				first: 0,
				work: () => this.#lookForDue(),
				log,
			}),
		];
	}

	/** Streams have their grace at present: nobody is downgraded. */
	get inGrace(): boolean {
		return this.#inGrace;
	}

	protected override async onStart(): Promise<void> {
		const { cluster, database } = this.#options;
		this.#first = cluster.membership.members().length <= 1;
		this.#unsubscribe = database.onReturn(() => {
			this.#away = true;
		});
		for (const round of this.#rounds) await round.start();
	}

	protected override async onStop(): Promise<void> {
		this.#unsubscribe?.();
		this.#unsubscribe = null;
		for (const round of this.#rounds) await round.stop();
	}

	async #lookForSilent(stopping: AbortSignal): Promise<void> {
		const { database, registry, cluster, period, interval, log } = this.#options;
		const [first, away] = [this.#first, this.#away];
		this.#away = false;
		try {
			this.#inGrace = await database.run("commands", (sql) => watch(sql, { period, interval, first, away }));
		} catch (error) {
			this.#away ||= away;
			throw error;
		}
		this.#first = false;
		if (this.#inGrace) return;
		while (!stopping.aborted) {
			const shards = await cluster.watch.shards();
			const silent = await database.run("commands", (sql) => findSilent(sql, shards, period, SILENT_BATCH));
			if (silent.length === 0) return;
			const outcomes = await Promise.all(
				silent.map((id) =>
					registry.submit(id, {
						fresh: true,
						event: { type: "silent" },
						luggage: { ...NO_LUGGAGE, silent_for: period },
					}),
				),
			);
			const lost = outcomes.filter((outcome) => outcome.kind === "applied").length;
			if (lost > 0) log.info({ streams: lost }, "streams lost their handler");
			// The rest has just been heard of, here or by another watcher.
			if (silent.length < SILENT_BATCH || lost === 0) return;
			// A round of many batches is a watch all the while, not a gap that gives everybody another grace.
			this.#inGrace = await database.run("commands", (sql) => watch(sql, { period, interval, first: false }));
			if (this.#inGrace) return;
		}
	}

	async #lookForDue(): Promise<void> {
		const { database, registry, cluster } = this.#options;
		const shards = await cluster.watch.shards();
		// So many as are this node's share.
		const limit = Math.ceil((DUE_PER_SECOND * DUE_INTERVAL * shards.length) / (1000 * SHARDS));
		const due = await database.run("commands", (sql) => findDue(sql, shards, limit));
		const luggage = { ...NO_LUGGAGE, if_due: true };
		await Promise.all(due.map((id) => registry.submit(id, { fresh: true, event: { type: "restart_due" }, luggage })));
	}
}
