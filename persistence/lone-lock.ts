import { setTimeout as sleep } from "node:timers/promises";
import postgres from "./driver.ts";
import { RunningPart } from "./service.ts";

/** The number that instances agree on: "Perigee", in bytes. */
const LOCK = "22639109421032805";
/** Milliseconds for the session of an instance that has just been killed to end. */
const PATIENCE = 10_000;
const RETRY = 200;

export interface LoneLockOptions {
	url: string;
	/** The lock was lost with its connection and another instance has it now: this one must end. */
	onLost: (error: Error) => void;
	log: { info(fields: object, message: string): void };
	/** Milliseconds to wait for another holder to end; default 10,000. */
	patience?: number;
}

/**
 * A node without Redis must be alone: it answers from its actors, and nobody would tell it of another node's changes.
 * It holds a session lock on the database; a second instance without Redis ends with one line that says so.
 *
 * When the connection breaks, the lock is taken again as soon as the database is back.
 */
export class LoneLock extends RunningPart {
	readonly name = "lone lock";
	readonly #options: LoneLockOptions;
	#sql: postgres.Sql | null = null;
	#stopping = new AbortController();
	#regaining: Promise<void> | null = null;

	constructor(options: LoneLockOptions) {
		super();
		this.#options = options;
	}

	protected override async onStart(): Promise<void> {
		this.#stopping = new AbortController();
		const sql = postgres(this.#options.url, {
			max: 1,
			idle_timeout: 0,
			max_lifetime: null,
			connect_timeout: 4,
			keep_alive: 5,
			backoff: () => 0.2,
			fetch_types: false,
			onnotice: () => undefined,
			connection: { application_name: "perigee alone" },
			onclose: () => this.#regain(),
		});
		this.#sql = sql;
		await this.#take(sql);
	}

	protected override async onStop(): Promise<void> {
		this.#stopping.abort();
		// The connection first: a statement on one that says nothing would be waited for without end.
		await this.#sql?.end({ timeout: 1 });
		await this.#regaining;
		this.#sql = null;
	}

	async #take(sql: postgres.Sql): Promise<void> {
		const end = performance.now() + (this.#options.patience ?? PATIENCE);
		for (;;) {
			const [row] = await sql<{ held: boolean }[]>`select pg_try_advisory_lock(${LOCK}::bigint) as held`;
			if (row?.held) return;
			if (performance.now() > end)
				throw new Error(
					"Another Perigee without Redis runs on this database: stop it, or give both the same REDIS_URL to run them as one service.",
				);
			await sleep(RETRY, undefined, { signal: this.#stopping.signal });
		}
	}

	#regain(): void {
		if (!this.running || this.#regaining !== null) return;
		this.#regaining = this.#regainNow().finally(() => {
			this.#regaining = null;
		});
	}

	async #regainNow(): Promise<void> {
		const { signal } = this.#stopping;
		while (!signal.aborted && this.#sql !== null) {
			try {
				await this.#take(this.#sql);
				this.#options.log.info({}, "the lock of the lone node is held again");
				return;
			} catch (error) {
				if (error instanceof Error && !("code" in error)) return this.#options.onLost(error);
				// The database is away; nobody else can take the lock meanwhile either.
				await sleep(RETRY, undefined, { signal }).catch(() => undefined);
			}
		}
	}
}
