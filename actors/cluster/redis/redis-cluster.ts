import { AdvisoryWatchLock } from "../../../persistence/advisory-watch.ts";
import { type Clock, systemClock } from "../../clock.ts";
import { AdvisoryWatch } from "../advisory-watch.ts";
import type { Cluster } from "../cluster.ts";
import type { NodeName } from "../node-name.ts";
import { RedisBus } from "./bus.ts";
import { RedisConnection, type RedisLog } from "./connection.ts";
import { redisKeys } from "./keys.ts";
import { RedisLeases } from "./leases.ts";
import { RedisMembership } from "./membership.ts";

export interface RedisClusterOptions {
	self: NodeName;
	/** Address of Redis 6 or newer, or Valkey. */
	url: string;
	/** The same for all nodes of an installation and for no other: several may share a Redis. */
	namespace: string;
	/** Seconds that a node which is gone keeps its shards (setting REDIS.LEASE_TTL). */
	leaseTtl: number;
	/** Address of the database, for the watch while Redis is away. */
	databaseUrl: string;
	/** The database as this node sees it: without it a node cannot watch, and others do it. Always there, unless given. */
	database?: { readonly available: boolean; onReturn(listener: () => void): unknown };
	log: RedisLog;
	clock?: Clock;
	/** Milliseconds between two pings of each connection, 5,000 unless given. */
	pingInterval?: number;
	/** Milliseconds that Redis may take to answer, 5,000 unless given. */
	patience?: number;
	/** Characters of messages on their way to Redis, at most; 8 Mi unless given. */
	outgoing?: number;
}

/**
 * The cluster of several nodes, by way of Redis, which is told what happened and never asked whether something is true.
 * Start the bus, the membership, the leases and the watch, in this order, and stop them in reverse. None of them needs
 * Redis to start.
 */
export function redisCluster(options: RedisClusterOptions): Cluster {
	const { self, url, log, clock = systemClock, pingInterval, patience } = options;
	const keys = redisKeys(options.namespace);
	const ttl = Math.round(options.leaseTtl * 1_000);
	const pace = { ...(pingInterval && { pingInterval }), ...(patience && { patience }) };
	const bus = new RedisBus({
		self,
		keys,
		connection: { url, ...pace },
		outgoing: options.outgoing ?? 8 * 1024 * 1024,
		log,
	});
	// A round that meets silence leaves time for another connection and another round before the leases expire.
	const roundPatience = Math.min(patience ?? ttl / 3, ttl / 3);
	const connection = new RedisConnection({ ...pace, url, purpose: "keeper", patience: roundPatience, log });
	const able = () => options.database?.available ?? true;
	const membership = new RedisMembership({ self, keys, ttl, able, connection, clock, log });
	bus.onNotice(() => membership.soon());
	options.database?.onReturn(() => membership.soon());
	const leases = new RedisLeases({ membership, keys, ttl, connection, clock, log });
	const watch = new AdvisoryWatch({ leases, lock: new AdvisoryWatchLock(options.databaseUrl), log });
	return { bus, membership, leases, watch };
}
