import type { NodeName } from "../node-name.ts";

/** What one installation calls its things in a Redis that it may share with others. */
export interface RedisKeys {
	/** Sorted set: the nodes, each with the moment (ms, Redis's clock) until which it counts as alive. */
	readonly members: string;
	/** Hash: shard → the node that watches it. */
	readonly leases: string;
	/** Set: the living that cannot watch at present. */
	readonly unable: string;
	/** Hash: node → what it last told of itself, as JSON. */
	readonly reports: string;
	/** Channel: the events of commit batches. */
	readonly events: string;
	/** Channel: a node came, went or took shards, and the others should look now. */
	readonly notices: string;
}

/** The braces keep all of them in one slot of a Redis that is split by keys. */
export function redisKeys(namespace: string): RedisKeys {
	const prefix = `perigee:{${namespace}}`;
	return {
		members: `${prefix}:members`,
		leases: `${prefix}:leases`,
		unable: `${prefix}:unable`,
		reports: `${prefix}:reports`,
		events: `${prefix}:events`,
		notices: `${prefix}:notices`,
	};
}

/** A node's name as one text. */
export function nameText({ node_id, boot_id }: NodeName): string {
	return `${node_id}/${boot_id}`;
}

/** The other way round; `boot_id` has no slash, `node_id` may. */
export function nodeName(text: string): NodeName {
	const slash = text.lastIndexOf("/");
	return { node_id: text.slice(0, Math.max(slash, 0)), boot_id: text.slice(slash + 1) };
}
