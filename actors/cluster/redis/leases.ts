import { Fault } from "../../../persistence/fault.ts";
import { RunningPart } from "../../../persistence/service.ts";
import type { Clock } from "../../clock.ts";
import type { Leases } from "../cluster.ts";
import type { RedisConnection, RedisLog } from "./connection.ts";
import { nameText, type RedisKeys } from "./keys.ts";
import type { RedisMembership, Round } from "./membership.ts";
import { release, take } from "./scripts.ts";
import { spread } from "./spread.ts";

export interface RedisLeasesOptions {
	membership: RedisMembership;
	keys: RedisKeys;
	/** Milliseconds that a lease outlives the last sign of life of its node. */
	ttl: number;
	/** That of the membership, which runs while it does. */
	connection: RedisConnection;
	clock: Clock;
	log: RedisLog;
}

/**
 * The shards of this node, in a Redis that knows who has which. Each round of the membership renews them all; what is
 * due to this node (`spread`) it takes, from the dead and from those who have too much. The former holder learns of it
 * at once by a notice, within a third of the TTL if the notice is lost, and within the TTL if it is cut off: for so
 * long two may watch a shard, but at no time nobody does while both live.
 *
 * A lease is believed for one TTL after the *sending* of the sign of life that renewed it, on the node's own clock that
 * never goes back. So a node that was paused does not believe in what has meanwhile gone to another.
 */
export class RedisLeases extends RunningPart implements Leases {
	readonly name = "leases";
	readonly #options: RedisLeasesOptions;
	readonly #self: string;
	readonly #listeners = new Set<(available: boolean) => void>();
	#held: readonly number[] = [];
	#believedUntil = Number.NEGATIVE_INFINITY;
	/** What the listeners were last told. */
	#told = false;
	#expiry: NodeJS.Timeout | null = null;
	#unsubscribe: (() => void) | null = null;

	constructor(options: RedisLeasesOptions) {
		super();
		this.#options = options;
		this.#self = nameText(options.membership.self);
	}

	held(): readonly number[] {
		return this.available ? this.#held : [];
	}

	get available(): boolean {
		return this.#options.clock.monotonic() < this.#believedUntil;
	}

	onChange(listener: (available: boolean) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	protected override async onStart(): Promise<void> {
		const { membership } = this.#options;
		this.#unsubscribe = membership.onRound((round) => this.#onRound(round));
		await membership.look();
	}

	protected override async onStop(): Promise<void> {
		const { connection, keys } = this.#options;
		this.#unsubscribe?.();
		this.#unsubscribe = null;
		this.#believe([], Number.NEGATIVE_INFINITY);
		try {
			if (connection.ready) await connection.run((redis) => release(redis, keys, this.#self, "shards"));
		} catch (error) {
			// Redis went away at this very moment: the TTL gives them up for us.
			if (!(error instanceof Fault)) this.#options.log.warn({ err: error }, "could not give up the shards");
		}
	}

	async #onRound({ watchers, holders, believedUntil }: Round): Promise<void> {
		const { connection, keys, ttl } = this.#options;
		// What it held is for the others to take.
		const able = watchers.includes(this.#self);
		const held: number[] = [];
		const due: number[] = [];
		spread(holders, watchers).forEach((holder, shard) => {
			if (holder === this.#self && holders[shard] !== this.#self) due.push(shard);
			else if (able && holders[shard] === this.#self) held.push(shard);
		});
		this.#believe(held, believedUntil);
		if (due.length === 0) return;
		const taken = await connection.run((redis) => take(redis, keys, this.#self, ttl, due, holders));
		// Stopped meanwhile: the release that was sent after the take has given them up.
		if (this.#unsubscribe !== null) this.#believe([...held, ...taken], believedUntil);
	}

	#believe(held: readonly number[], until: number): void {
		this.#held = held;
		this.#believedUntil = until;
		if (this.#expiry) clearTimeout(this.#expiry);
		this.#expiry = null;
		if (this.available) this.#expireAt(until);
		this.#tell();
	}

	#expireAt(until: number): void {
		this.#expiry = setTimeout(
			() => {
				this.#expiry = null;
				// Timers may be a millisecond early.
				if (this.available) this.#expireAt(until);
				else this.#tell();
			},
			Math.max(1, until - this.#options.clock.monotonic()),
		);
	}

	#tell(): void {
		const available = this.available;
		if (available === this.#told) return;
		this.#told = available;
		for (const listener of this.#listeners) listener(available);
	}
}
