import { Batcher } from "../../actors/batcher.ts";
import type { Clock } from "../../actors/clock.ts";
import type { Watch } from "../../actors/cluster/cluster.ts";
import { Periodic } from "../../actors/periodic.ts";
import { appendAudit } from "../../persistence/audit/append.ts";
import type { AuditEntry, AuditFilters, AuditRow } from "../../persistence/audit/audit-record.ts";
import { AUDIT_BATCH, expireAudit } from "../../persistence/audit/expire.ts";
import { listAudit } from "../../persistence/audit/list.ts";
import type { Database } from "../../persistence/database.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { RunningPart } from "../../persistence/service.ts";
import { RefusalBound } from "./refusal-bound.ts";
import type { AuditSink } from "./trail.ts";

export interface AuditOptions {
	database: Database;
	/** Which of several nodes removes what is old. */
	watch: Watch;
	clock: Clock;
	/** Seconds that records are kept, and between two removals; null: for ever. */
	retention: { age: number; interval: number } | null;
	log: {
		info(fields: object, message: string): void;
		warn(fields: object, message: string): void;
		error(fields: object, message: string): void;
	};
}

/** Records of one statement. */
const LARGEST = 1_000;
/** Records that may wait. From half of it on no change is let in, so that those under way find room. */
const QUEUE = 20_000;

/**
 * Who did what, with which result. The record of a change is kept right after it, together with those of all the requests
 * that came meanwhile, and the request is answered when both are committed: what was answered has its record. What was
 * refused is recorded without anybody waiting, and up to a bound.
 */
export class Audit extends RunningPart implements AuditSink {
	readonly name = "audit";
	readonly #options: AuditOptions;
	readonly #batcher: Batcher<AuditEntry, null>;
	readonly #retention: Periodic | null;
	readonly #refusals: RefusalBound;
	/** Records that were kept. */
	kept = 0;
	/** Refusals that were left out, and records that could not be written. */
	lost = 0;

	constructor(options: AuditOptions) {
		super();
		this.#options = options;
		const { database, retention, clock } = options;
		this.#refusals = new RefusalBound(clock.monotonic());
		this.#batcher = new Batcher({
			part: "audit",
			largest: LARGEST,
			queue: QUEUE,
			work: async (entries) => {
				await database.run("commands", (sql) => appendAudit(sql, entries));
				return entries.map(() => null);
			},
		});
		this.#retention = retention === null ? null : this.#removal(retention);
	}

	admit(): void {
		if (this.#batcher.waiting > QUEUE / 2) throw unavailable("audit");
	}

	async keep(entries: readonly AuditEntry[]): Promise<void> {
		try {
			await Promise.all(entries.map((entry) => this.#batcher.submit(entry)));
			this.kept += entries.length;
		} catch (error) {
			this.lost += entries.length;
			throw error;
		}
	}

	keepRefusal(entry: AuditEntry): void {
		const full = this.#batcher.waiting > QUEUE / 2;
		if (full || !this.#refusals.admits(entry.subject, this.#options.clock.monotonic())) {
			this.lost++;
			return;
		}
		this.keep([entry]).catch((error: unknown) => {
			// It was refused anyway; that the database is away is told by the database itself.
			if (!(error instanceof Fault)) this.#options.log.error({ err: error }, "a refusal could not be recorded");
		});
	}

	/** Records that match, newest first; in the turn of whose question it is. */
	list(filters: AuditFilters, limit: number, owner: string): Promise<AuditRow[]> {
		return this.#options.database.run("lists", (sql) => listAudit(sql, filters, limit), owner);
	}

	protected override async onStart(): Promise<void> {
		this.#batcher.open();
		await this.#retention?.start();
	}

	protected override async onStop(): Promise<void> {
		await this.#retention?.stop();
		await this.#batcher.close();
	}

	#removal({ age, interval }: { age: number; interval: number }): Periodic {
		const { database, watch, log } = this.#options;
		return new Periodic({
			name: "audit retention",
			interval: interval * 1_000,
			log,
			work: async (stopping) => {
				if (!(await watch.shards()).includes(0)) return;
				let removed = 0;
				for (let batch = AUDIT_BATCH; batch === AUDIT_BATCH && !stopping.aborted; removed += batch)
					batch = await database.run("lists", (sql) => expireAudit(sql, age));
				if (removed > 0) log.info({ records: removed }, "old records of the audit removed");
			},
		});
	}
}
