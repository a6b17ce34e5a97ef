import postgres from "./driver.ts";
import { unavailable } from "./fault.ts";
import { RunningPart } from "./service.ts";

/** The number that nodes agree on: "Perigee", in bytes, and one more; the one itself is the lock of the lone node. */
const LOCK = "22639109421032806";
/**
 * Milliseconds after which the server ends the session of a holder that no longer asks: one that is paused, or cut off,
 * would keep the lock for hours otherwise. Deadlines of restarts are looked for every 400 ms.
 */
const IDLE_TIMEOUT = 5_000;
/** Milliseconds that the answer may take. */
const PATIENCE = 2_000;

/**
 * The right of one node to watch all shards, while nodes cannot share them out: a session lock of the database. The
 * session is opened at the first question and goes with `letGo()`.
 */
export class AdvisoryWatchLock extends RunningPart {
	readonly name = "watch lock";
	readonly #url: string;
	#sql: postgres.Sql | null = null;

	constructor(url: string) {
		super();
		this.#url = url;
	}

	/**
	 * Whether this node has it now; takes it when nobody has. The database is asked each time, since a session may have
	 * been lost unseen; that it counts the takings does no harm: all of them end with the session.
	 *
	 * @throws Fault 39905 when the database is away
	 */
	async hold(): Promise<boolean> {
		if (!this.running) return false;
		this.#sql ??= this.#open();
		const sql = this.#sql;
		try {
			const [row] = await inTime(sql<{ held: boolean }[]>`SELECT pg_try_advisory_lock(${LOCK}::bigint) AS held`);
			return row?.held ?? false;
		} catch (error) {
			// A session of which it is not known whether it lives is of no use.
			if (this.#sql === sql) await this.letGo();
			throw unavailable("database", error);
		}
	}

	/** Gives the lock to whoever asks next. */
	async letGo(): Promise<void> {
		const sql = this.#sql;
		this.#sql = null;
		await sql?.end({ timeout: 0 });
	}

	protected override async onStart(): Promise<void> {}

	protected override async onStop(): Promise<void> {
		await this.letGo();
	}

	#open(): postgres.Sql {
		return postgres(this.#url, {
			max: 1,
			idle_timeout: 0,
			max_lifetime: null,
			connect_timeout: PATIENCE / 1_000,
			// Whoever ends the session while the driver looks for types leaves an error that nobody waits for.
			fetch_types: false,
			onnotice: () => undefined,
			connection: {
				application_name: "perigee watch",
				statement_timeout: PATIENCE,
				idle_session_timeout: IDLE_TIMEOUT,
			},
		});
	}
}

async function inTime<T>(work: PromiseLike<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const impatience = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE} ms`)), PATIENCE);
	});
	try {
		return await Promise.race([work, impatience]);
	} finally {
		clearTimeout(timer);
	}
}
