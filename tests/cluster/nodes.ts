import { randomBytes } from "node:crypto";
import { type Clock, systemClock } from "../../actors/clock.ts";
import { type Cluster, SHARDS } from "../../actors/cluster/cluster.ts";
import type { NodeFigures } from "../../actors/cluster/node-report.ts";
import { type RedisClusterOptions, redisCluster } from "../../actors/cluster/redis/redis-cluster.ts";
import { RunningPart, type Service } from "../../persistence/service.ts";

/** A database that is never asked: nobody listens there. */
export const NO_DATABASE = "postgres://nobody@127.0.0.1:1/none";

/** What a node may tell of itself. */
export const FIGURES: NodeFigures = {
	version: "1.2.3",
	started_at: "2026-01-01T00:00:00.000Z",
	shards: 85,
	actors: 1_000,
	requests_per_second: 12.5,
	feedback_items_per_second: 400,
	commits_per_second: 8,
	commit_p50_ms: 1.25,
	commit_p99_ms: null,
	event_loop_p99_ms: 0.4,
	console_sockets: 3,
	live_previews: 2,
	rss_bytes: 150_000_000,
};

export interface Said {
	fields: object;
	message: string;
}

/** A cluster as one service, started and stopped in the order that it asks for. */
export class ClusterNode extends RunningPart {
	readonly name: string;
	readonly cluster: Cluster;
	readonly said: readonly Said[];

	constructor(cluster: Cluster, said: readonly Said[] = []) {
		super();
		this.name = `node ${cluster.membership.self.node_id}`;
		this.cluster = cluster;
		this.said = said;
	}

	get held(): readonly number[] {
		return this.cluster.leases.held();
	}

	get #parts(): Service[] {
		const { bus, membership, leases, watch } = this.cluster;
		return [bus, membership, leases, watch];
	}

	protected override async onStart(): Promise<void> {
		for (const part of this.#parts) await part.start();
	}

	protected override async onStop(): Promise<void> {
		for (const part of this.#parts.reverse()) await part.stop();
	}
}

/** Seconds; short, so that tests of what happens after it do not take long, and long for a busy machine. */
export const LEASE_TTL = 1.2;

/** A stopped node. Its boot id is new, its name is kept if given. */
export function redisNode(url: string, options: Partial<RedisClusterOptions> & { node_id?: string } = {}): ClusterNode {
	const said: Said[] = [];
	const say = (fields: object, message: string) => {
		said.push({ fields, message });
	};
	const { node_id = "node", ...rest } = options;
	const cluster = redisCluster({
		self: { node_id, boot_id: randomBytes(4).toString("hex") },
		url,
		namespace: "test",
		leaseTtl: LEASE_TTL,
		databaseUrl: NO_DATABASE,
		log: { info: say, warn: say },
		...rest,
	});
	return new ClusterNode(cluster, said);
}

/** Several, with names a, b, c …, started one after the other. */
export async function startNodes(
	url: string,
	count: number,
	options: Partial<RedisClusterOptions> = {},
): Promise<ClusterNode[]> {
	const nodes = [..."abcdefgh"].slice(0, count).map((node_id) => redisNode(url, { ...options, node_id }));
	for (const node of nodes) await node.start();
	return nodes;
}

/** Whether every shard has exactly one of these nodes, and each as many as any other, give or take one. */
export function evenlySpread(nodes: readonly ClusterNode[]): boolean {
	const counts = nodes.map((node) => node.held.length);
	const all = new Set(nodes.flatMap((node) => [...node.held]));
	const total = counts.reduce((sum, count) => sum + count, 0);
	return all.size === SHARDS && total === SHARDS && Math.max(...counts) - Math.min(...counts) <= 1;
}

/** A clock that can be moved forward, as if the process had not run meanwhile. */
export function movableClock(): Clock & { skip(milliseconds: number): void } {
	let skipped = 0;
	return {
		monotonic: () => systemClock.monotonic() + skipped,
		wall: () => systemClock.wall() + skipped,
		skip: (milliseconds) => {
			skipped += milliseconds;
		},
	};
}
