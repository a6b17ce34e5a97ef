import { setTimeout as sleep } from "node:timers/promises";
import { Redis, ReplyError } from "ioredis";
import { unavailable } from "../../../persistence/fault.ts";
import { RunningPart } from "../../../persistence/service.ts";

export interface RedisConnectionOptions {
	/** `redis://` or `rediss://`; may hold a password, and so is never logged. */
	url: string;
	/** What it is for, as the log and CLIENT LIST call it: `[a-z-]+`. */
	purpose: string;
	/** Milliseconds between two pings: what a half-open connection is found by. */
	pingInterval?: number;
	/** Milliseconds that Redis may take to answer anything; then the connection is given up and opened anew. */
	patience?: number;
	/** What must have succeeded on each new connection before it counts as ready: a subscription, for one. */
	greet?: (redis: Redis) => Promise<unknown>;
	log: RedisLog;
}

export interface RedisLog {
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
}

/** With the defaults a connection that says nothing any more is found after 10 s at the latest. */
const PING_INTERVAL = 5_000;
const PATIENCE = 5_000;
/** Milliseconds that a start waits to see whether Redis is there. */
const START_PATIENCE = 1_000;
/** Milliseconds between two attempts: doubled each time, between these. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/**
 * One connection to Redis that is kept open: `start()` waits for the first attempt, and a second at most, whatever
 * comes of it; a Redis that is away is tried again until `stop()`. Each life of the connection is a client of its own;
 * nothing is queued while there is none, and nothing is sent twice.
 *
 * A socket whose other end is gone without a word looks alive for hours. So it is asked at intervals, and whatever is
 * not answered in time ends it.
 */
export class RedisConnection extends RunningPart {
	readonly name: string;
	readonly #options: RedisConnectionOptions;
	readonly #pingInterval: number;
	readonly #patience: number;
	readonly #readyListeners = new Set<() => void>();
	readonly #lostListeners = new Set<() => void>();
	#ready: Redis | null = null;
	#stopping = new AbortController();
	#keeping: Promise<void> = Promise.resolve();
	#endStart: () => void = () => undefined;
	/** Whether the log knows that Redis is away. */
	#toldAway = false;

	constructor(options: RedisConnectionOptions) {
		super();
		this.name = `redis ${options.purpose}`;
		this.#options = options;
		this.#pingInterval = options.pingInterval ?? PING_INTERVAL;
		this.#patience = options.patience ?? PATIENCE;
	}

	/** Whether Redis answered on it and has not been silent since. */
	get ready(): boolean {
		return this.#ready !== null;
	}

	/** Calls back each time it has become ready. Returns the end of the subscription. */
	onReady(listener: () => void): () => void {
		this.#readyListeners.add(listener);
		return () => this.#readyListeners.delete(listener);
	}

	/** Calls back each time it is ready no longer, `stop()` included. Returns the end of the subscription. */
	onLost(listener: () => void): () => void {
		this.#lostListeners.add(listener);
		return () => this.#lostListeners.delete(listener);
	}

	/**
	 * Does something with it. Without a connection, or when it ends or Redis does not answer in time: Fault 39905.
	 *
	 * @throws Error what Redis itself refuses, with its words
	 */
	async run<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
		const redis = this.#ready;
		if (redis === null) throw unavailable("redis");
		try {
			return await this.#inTime(work(redis));
		} catch (error) {
			// Its text only: the errors of the client carry the command with all its arguments.
			const told = new Error(error instanceof Error ? error.message : String(error));
			if (error instanceof ReplyError && !told.message.startsWith("READONLY")) throw told;
			// Silent, gone, or a primary that has become a replica: the address may lead to a better one.
			cut(redis);
			throw unavailable("redis", told);
		}
	}

	protected override async onStart(): Promise<void> {
		this.#stopping = new AbortController();
		this.#toldAway = false;
		const tried = new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, START_PATIENCE);
			this.#endStart = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		this.#keeping = this.#keep(this.#stopping.signal);
		await tried;
	}

	protected override async onStop(): Promise<void> {
		this.#stopping.abort();
		await this.#keeping;
	}

	async #keep(stopping: AbortSignal): Promise<void> {
		let pause = FIRST_PAUSE;
		while (!stopping.aborted) {
			const wasReady = await this.#live(stopping);
			pause = wasReady ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
			// Up to half of it at random: many nodes that lost the same Redis come back one by one.
			await sleep(pause * (1 - Math.random() / 2), undefined, { signal: stopping }).catch(() => undefined);
		}
	}

	/** One life of the connection, from its opening to its end. Answers whether it was ever ready. */
	async #live(stopping: AbortSignal): Promise<boolean> {
		const redis = new Redis(this.#options.url, {
			lazyConnect: true,
			connectionName: `perigee-${this.#options.purpose}`,
			connectTimeout: this.#patience,
			// Lives are counted here, where it is known what has to be asked and told at the beginning of each.
			retryStrategy: () => null,
			enableOfflineQueue: false,
			enableReadyCheck: false,
			maxRetriesPerRequest: null,
		});
		let reason: unknown = null;
		redis.on("error", (error) => {
			reason = error;
		});
		const ended = new Promise<void>((resolve) => {
			redis.once("end", () => resolve());
		});
		const onStopping = () => cut(redis);
		stopping.addEventListener("abort", onStopping);
		let wasReady = false;
		try {
			await this.#inTime(redis.connect());
			await this.#inTime(redis.ping());
			if (this.#options.greet) await this.#inTime(this.#options.greet(redis));
			if (stopping.aborted) return false;
			wasReady = true;
			this.#begin(redis);
			await this.#pingUntil(redis, ended);
		} catch (error) {
			reason ??= error;
		} finally {
			cut(redis);
			await ended;
			stopping.removeEventListener("abort", onStopping);
			this.#end(redis, stopping.aborted ? null : reason);
		}
		return wasReady;
	}

	#begin(redis: Redis): void {
		this.#ready = redis;
		if (this.#toldAway) this.#options.log.info({ connection: this.#options.purpose }, "Redis is back");
		this.#toldAway = false;
		for (const listener of this.#readyListeners) listener();
		this.#endStart();
	}

	#end(redis: Redis, reason: unknown): void {
		this.#endStart();
		if (!this.#stopping.signal.aborted && !this.#toldAway) {
			this.#toldAway = true;
			// The text only: the errors of the client carry the command with its arguments, a password among them.
			const error = reason instanceof Error ? reason.message : "the connection ended";
			this.#options.log.warn({ connection: this.#options.purpose, error }, "Redis is away");
		}
		if (this.#ready !== redis) return;
		this.#ready = null;
		for (const listener of this.#lostListeners) listener();
	}

	async #pingUntil(redis: Redis, ended: Promise<unknown>): Promise<void> {
		const over = new AbortController();
		const end = ended.then(() => over.abort());
		try {
			while (!over.signal.aborted) {
				await sleep(this.#pingInterval, undefined, { signal: over.signal }).catch(() => undefined);
				if (!over.signal.aborted) await this.#inTime(redis.ping());
			}
			await end;
		} finally {
			over.abort();
		}
	}

	async #inTime<T>(work: Promise<T>): Promise<T> {
		let timer: NodeJS.Timeout | undefined;
		const impatience = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error(`no answer within ${this.#patience} ms`)), this.#patience);
		});
		try {
			return await Promise.race([work, impatience]);
		} finally {
			clearTimeout(timer);
		}
	}
}

/** Ends it now. Its own good-bye would wait for the other end, which may be gone. */
function cut(redis: Redis): void {
	if (redis.status === "end") return;
	if (!redis.stream?.destroyed) redis.disconnect();
	redis.stream?.destroy();
}
