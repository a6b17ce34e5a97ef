import { Redis } from "ioredis";

/** Milliseconds that Redis may take to count; then the node counts for itself. */
const PATIENCE = 500;
const LONGEST_PAUSE = 1_000;

export type CountingConnection = Redis;

/**
 * A connection for what nodes count together, not opened yet. It is one of its own: what is counted must not stand in the
 * way of what nodes tell each other. While Redis is away or silent whatever is asked fails at once, or soon.
 */
export function countingConnection(url: string): CountingConnection {
	const redis = new Redis(url, {
		lazyConnect: true,
		connectionName: "perigee-limits",
		enableOfflineQueue: false,
		maxRetriesPerRequest: 0,
		commandTimeout: PATIENCE,
		connectTimeout: PATIENCE,
		retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, LONGEST_PAUSE),
	});
	// That Redis is away is told by the cluster.
	redis.on("error", () => undefined);
	return redis;
}
