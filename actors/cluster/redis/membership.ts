import { Fault } from "../../../persistence/fault.ts";
import { RunningPart } from "../../../persistence/service.ts";
import type { Clock } from "../../clock.ts";
import { Periodic } from "../../periodic.ts";
import type { Membership } from "../cluster.ts";
import type { NodeName } from "../node-name.ts";
import { type NodeFigures, type NodeReport, readReport, writeReport } from "../node-report.ts";
import type { RedisConnection, RedisLog } from "./connection.ts";
import { nameText, nodeName, type RedisKeys } from "./keys.ts";
import { type Roll, release, renew } from "./scripts.ts";

export interface RedisMembershipOptions {
	self: NodeName;
	keys: RedisKeys;
	/** Milliseconds that this node counts as alive after it last said so. */
	ttl: number;
	/**
	 * Whether this node can do what a watcher has to. While it could not for longer than a round, the others watch what it
	 * held: a node that is cut off from the database must not keep them from it.
	 */
	able: () => boolean;
	/** Its own: started and stopped with it. */
	connection: RedisConnection;
	clock: Clock;
	log: RedisLog;
}

/**
 * Milliseconds that a start waits for its first round when Redis is there, so that a node knows of the others when
 * the rest of it starts.
 */
const START_PATIENCE = 1_000;

/** How things stood in Redis when this node last said that it is alive. */
export interface Round extends Roll {
	/**
	 * On the node's clock: until then it may believe so, since its sign of life was sent no later than a TTL before.
	 */
	believedUntil: number;
}

/**
 * Tells Redis three times in the TTL that this node is alive, hears from it who else is, and says good-bye when it
 * stops. What leases need to know comes with the same answer.
 */
export class RedisMembership extends RunningPart implements Membership {
	readonly name = "membership";
	readonly self: NodeName;
	readonly #options: RedisMembershipOptions;
	readonly #periodic: Periodic;
	readonly #listeners = new Set<(round: Round) => Promise<void>>();
	#figures: (() => NodeFigures) | null = null;
	#members: readonly NodeName[];
	/** Those of the others. */
	#reports: readonly NodeReport[] = [];
	#believedUntil = Number.NEGATIVE_INFINITY;
	/** On the node's clock: when it was last seen to be able. */
	#ableAt = Number.NEGATIVE_INFINITY;
	#endWaiting: () => void = () => undefined;
	readonly #lookers = new Set<() => void>();
	#unsubscribe: (() => void) | null = null;

	constructor(options: RedisMembershipOptions) {
		super();
		this.#options = options;
		this.self = options.self;
		this.#members = [options.self];
		this.#periodic = new Periodic({
			name: "sign of life",
			interval: options.ttl / 3,
			first: 0,
			work: () => this.#round(),
			log: options.log,
		});
	}

	/** While Redis is away for longer than the TTL nothing is known of others. */
	members(): readonly NodeName[] {
		if (!this.running) return [];
		return this.#believes ? this.#members : [this.self];
	}

	reportBy(figures: () => NodeFigures): void {
		this.#figures = figures;
	}

	reports(): readonly NodeReport[] {
		const own = this.running ? this.#own() : null;
		const others = this.running && this.#believes ? this.#reports : [];
		return own ? [own, ...others] : others;
	}

	/** Has the next round now: others came or went, or there is news for them. */
	soon(): void {
		this.#periodic.soon();
	}

	/** The same, and resolves at the end of a round, whatever came of it; at once when there are none. */
	async look(): Promise<void> {
		if (!this.running) return;
		const over = new Promise<void>((resolve) => {
			this.#lookers.add(resolve);
		});
		this.soon();
		await over;
	}

	/** Calls back in each round, and waits for it before the next. Returns the end of the subscription. */
	onRound(listener: (round: Round) => Promise<void>): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	protected override async onStart(): Promise<void> {
		const { connection } = this.#options;
		const first = new Promise<void>((resolve) => {
			const timer = setTimeout(() => resolve(), START_PATIENCE);
			this.#endWaiting = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		this.#unsubscribe = connection.onReady(() => this.soon());
		await this.#periodic.start();
		await connection.start();
		if (!connection.ready) this.#endWaiting();
		await first;
	}

	protected override async onStop(): Promise<void> {
		const { connection, keys } = this.#options;
		this.#unsubscribe?.();
		this.#unsubscribe = null;
		this.#endWaiting();
		await this.#periodic.stop();
		this.#endLooks();
		this.#believedUntil = Number.NEGATIVE_INFINITY;
		try {
			if (connection.ready) await connection.run((redis) => release(redis, keys, nameText(this.self), "leave"));
		} catch (error) {
			// Redis went away at this very moment: the TTL says it for us.
			if (!(error instanceof Fault)) this.#options.log.warn({ err: error }, "could not say good-bye");
		}
		await connection.stop();
	}

	#own(): NodeReport | null {
		return this.#figures && { ...this.self, ...this.#figures() };
	}

	get #believes(): boolean {
		return this.#options.clock.monotonic() < this.#believedUntil;
	}

	async #round(): Promise<void> {
		// When the connection is ready it asks for a round itself.
		if (this.#options.connection.ready) await this.#call().finally(() => this.#endLooks());
		else this.#endLooks();
	}

	async #call(): Promise<void> {
		const { connection, keys, ttl, clock } = this.#options;
		const believedUntil = clock.monotonic() + ttl;
		const own = this.#own();
		const says = { report: (own && writeReport(own)) ?? "", able: this.#isAble() };
		const roll = await connection.run((redis) => renew(redis, keys, nameText(this.self), ttl, says));
		this.#members = [...roll.members].sort().map(nodeName);
		const others = new Set(roll.members);
		others.delete(nameText(this.self));
		this.#reports = roll.reports
			.map(readReport)
			.filter((each) => each !== null)
			.filter((each) => others.has(nameText(each)));
		this.#believedUntil = believedUntil;
		for (const listener of this.#listeners) await listener({ ...roll, believedUntil });
		this.#endWaiting();
	}

	#isAble(): boolean {
		const { able, clock, ttl } = this.#options;
		const now = clock.monotonic();
		if (able()) this.#ableAt = now;
		return now - this.#ableAt <= ttl / 3;
	}

	#endLooks(): void {
		for (const end of this.#lookers) end();
		this.#lookers.clear();
	}
}
