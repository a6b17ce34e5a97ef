import { arrayTypes } from "./array-types.ts";
import postgres from "./driver.ts";
import { Fault, unavailable } from "./fault.ts";
import { Gate } from "./gate.ts";
import { RunningPart } from "./service.ts";
import type { Spare } from "./shared-reading.ts";
import { isCollision, isConnectionLoss, isFull, isOverload, isReadOnly } from "./sql-state.ts";

export type Sql = postgres.Sql;

export interface DatabaseOptions {
	url: string;
	/** Connections at most, one of which is left to the lock of a lone node; lists get a third of them. */
	poolSize: number;
	/** Seconds that one statement of each lane may take on the server; 4 unless given. */
	timeouts?: Readonly<Record<Lane, number>>;
	log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** `commands`: writes and what they need to read. `lists`: what may be slow, and must not hold up the first. */
export type Lane = "commands" | "lists";

const TIMEOUTS: Record<Lane, number> = { commands: 4, lists: 4 };
/** Callers that may wait for a connection of one lane. */
const LANE_QUEUE = 1_000;
/** Milliseconds that a caller waits beyond that: a slow statement must not be taken for a server in a black hole. */
const MORE_PATIENCE = 500;
const PROBE_INTERVAL = 250;
/** Seconds: a server that has just come back has much to do, and a busy machine is slow to open a connection. */
const PROBE_TIMEOUT = 2;
const COLLISION_RETRIES = 8;
/** Milliseconds between two lines that the server has no more connections for us. */
const FULL_INTERVAL = 5_000;
/** Milliseconds between two renewals of sessions that take no writes, and seconds that statements of the old ones may go on. */
const RENEWAL_INTERVAL = 5_000;
const RENEWAL_PATIENCE = 5;

/**
 * What a session of a lane is told besides. Deep pages, and the counters of a page, read much in one statement: two processes do
 * it, while that of the session waits. No more, since feedback needs the others; short statements have no use for it, and
 * counts of streams are shared by sessions (`readShared`).
 */
export const laneSettings: Record<Lane, Record<string, number | string>> = {
	commands: { max_parallel_workers_per_gather: 0 },
	lists: { max_parallel_workers_per_gather: 2, parallel_leader_participation: "off" },
};

type Pools = Record<Lane, Sql>;

/**
 * The connections to Postgres, and the knowledge whether it is there.
 *
 * As soon as a statement shows that the server is away, every pool is thrown away with what waits in it, callers are told
 * 39905 at once, and a probe looks for its return four times a second. Listeners of `onReturn` hear of it before the
 * first caller is let through.
 */
export class Database extends RunningPart {
	readonly name = "database";
	readonly #options: DatabaseOptions;
	readonly #connections: Record<Lane, number>;
	readonly #gates: Record<Lane, Gate>;
	/** Seconds. */
	readonly #timeouts: Readonly<Record<Lane, number>>;
	#pools: Pools | null = null;
	/** The ping under way. */
	#ping: Promise<void> | null = null;
	#probing: NodeJS.Timeout | null = null;
	#probe: Promise<void> = Promise.resolve();
	/** When sessions may be renewed again, on the monotonic clock, and the end of those that were. */
	#renewal = 0;
	#renewed: Promise<void> = Promise.resolve();
	/** When it may be told again that the server is full, on the monotonic clock. */
	#tellFull = 0;
	readonly #returnListeners = new Set<() => void>();

	constructor(options: DatabaseOptions) {
		super();
		this.#options = options;
		const lists = Math.max(1, Math.floor(options.poolSize / 3));
		this.#connections = { commands: Math.max(1, options.poolSize - 1 - lists), lists };
		this.#timeouts = options.timeouts ?? TIMEOUTS;
		this.#gates = {
			commands: new Gate("database", this.#connections.commands, LANE_QUEUE),
			lists: new Gate("database", this.#connections.lists, LANE_QUEUE),
		};
	}

	/** False between the statement that found the server away and the probe that found it again. */
	get available(): boolean {
		return this.#pools !== null;
	}

	/** Calls back each time the server has come back after having been away. Returns the end of the subscription. */
	onReturn(listener: () => void): () => void {
		this.#returnListeners.add(listener);
		return () => this.#returnListeners.delete(listener);
	}

	/**
	 * Runs a statement. Collisions with other writers are tried again; a server that is away, overloaded or silent is
	 * Fault 39905; whatever else is thrown goes through as it is. `spare` lends a second connection of the lane.
	 * @param owner for whom it is asked: owners take turns. What the service needs itself has none.
	 */
	run<T>(lane: Lane, statement: (sql: Sql, spare: Spare) => Promise<T>, owner?: string): Promise<T> {
		if (this.#pools === null) return Promise.reject(unavailable("database"));
		return this.#gates[lane].through(() => this.#try(lane, statement), owner);
	}

	/** Whether the server answers: a statement that asks nothing, one at a time for all who ask, since anybody may. */
	ping(): Promise<void> {
		this.#ping ??= this.run("commands", async (sql) => void (await sql`select 1`)).finally(() => {
			this.#ping = null;
		});
		return this.#ping;
	}

	async #try<T>(lane: Lane, statement: (sql: Sql, spare: Spare) => Promise<T>): Promise<T> {
		const spare = () => this.#gates[lane].tryEnter();
		for (let attempt = 1; ; attempt++) {
			const pools = this.#pools;
			if (pools === null) throw unavailable("database");
			try {
				return await patiently(statement(pools[lane], spare), this.#timeouts[lane] * 1_000 + MORE_PATIENCE);
			} catch (error) {
				if (error instanceof Fault) throw error;
				if (isCollision(error) && attempt < COLLISION_RETRIES) {
					// A random pause takes the colliding writers apart.
					await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * attempt));
					continue;
				}
				if (isConnectionLoss(error) || error instanceof Impatience) {
					this.#lose(pools, error);
					throw unavailable("database", error);
				}
				if (isReadOnly(error)) this.#renew(pools);
				if (isFull(error)) this.#full(error);
				if (isOverload(error) || isCollision(error)) throw unavailable("database", error);
				throw error;
			}
		}
	}

	protected override async onStart(): Promise<void> {
		const pools = this.#open();
		try {
			await pools.commands`select 1`;
		} catch (error) {
			await close(pools);
			throw error;
		}
		this.#pools = pools;
	}

	protected override async onStop(): Promise<void> {
		if (this.#probing) clearTimeout(this.#probing);
		this.#probing = null;
		const pools = this.#pools;
		this.#pools = null;
		if (pools) await close(pools, 2);
		await this.#probe;
		await this.#renewed;
	}

	#open(): Pools {
		const open = (lane: Lane) =>
			postgres(this.#options.url, {
				max: this.#connections[lane],
				connect_timeout: 4,
				// Waiting longer and longer before a new try would only delay the moment at which we know.
				backoff: () => 0.05,
				...arrayTypes,
				onnotice: () => undefined,
				connection: {
					application_name: `perigee ${lane}`,
					statement_timeout: Math.round(this.#timeouts[lane] * 1_000),
					lock_timeout: 500,
					idle_in_transaction_session_timeout: 2_000,
					...laneSettings[lane],
				},
			});
		return { commands: open("commands"), lists: open("lists") };
	}

	#lose(pools: Pools, error: unknown): void {
		if (this.#pools !== pools) return;
		this.#pools = null;
		this.#options.log.warn({ err: error }, "the database is away");
		// Whatever waits in the pools is rejected; nobody is left hanging on a connection that says nothing.
		void close(pools);
		this.#probeSoon();
	}

	/** What is connected goes on. That the others are refused is the operator's to mend, and is told now and then. */
	#full(error: unknown): void {
		const now = performance.now();
		if (now < this.#tellFull) return;
		this.#tellFull = now + FULL_INTERVAL;
		this.#options.log.warn({ err: error }, "the database has no connection left for this node");
	}

	/** Sessions may take no writes for as long as they live, when their server has long been told to take them again. */
	#renew(pools: Pools): void {
		const now = performance.now();
		if (this.#pools !== pools || now < this.#renewal) return;
		this.#renewal = now + RENEWAL_INTERVAL;
		this.#options.log.warn({}, "the database takes no writes");
		this.#pools = this.#open();
		const renewed = this.#renewed;
		this.#renewed = close(pools, RENEWAL_PATIENCE).then(() => renewed);
	}

	#probeSoon(): void {
		const timer = setTimeout(() => {
			this.#probe = this.#probeNow(timer);
		}, PROBE_INTERVAL);
		this.#probing = timer;
	}

	/** `timer` is the one that began it: when it is no longer the present one, the database was stopped meanwhile. */
	async #probeNow(timer: NodeJS.Timeout): Promise<void> {
		const probe = postgres(this.#options.url, {
			max: 1,
			connect_timeout: PROBE_TIMEOUT,
			fetch_types: false,
			onnotice: () => undefined,
		});
		try {
			await patiently(probe`select 1`, PROBE_TIMEOUT * 1_000);
		} catch {
			// Still away: that is what the probe is there to find out.
			if (this.#probing === timer) this.#probeSoon();
			return;
		} finally {
			await probe.end({ timeout: 0 });
		}
		if (this.#probing !== timer) return;
		this.#probing = null;
		this.#options.log.info({}, "the database is back");
		for (const listener of this.#returnListeners) listener();
		this.#pools = this.#open();
	}
}

class Impatience extends Error {}

async function patiently<T>(work: PromiseLike<T>, patience: number): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const impatience = new Promise<never>((_, reject) => {
		// One turn later: of a process that stood still the time is over at once, and the answer may lie in its socket.
		timer = setTimeout(() => setImmediate(reject, new Impatience(`no answer within ${patience} ms`)), patience);
	});
	try {
		return await Promise.race([work, impatience]);
	} finally {
		clearTimeout(timer);
	}
}

async function close(pools: Pools, timeout = 0): Promise<void> {
	await Promise.all([pools.commands.end({ timeout }), pools.lists.end({ timeout })]);
}
