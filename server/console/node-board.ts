import type { Cluster } from "../../actors/cluster/cluster.ts";
import type { NodeReport } from "../../actors/cluster/node-report.ts";
import type { NodeFigures } from "./server-message.ts";

export interface NodesState {
	nodes: NodeFigures[];
	redis: "off" | "connected" | "away";
}

/** The nodes of the service as they last told of themselves. `alone`: there is no Redis. */
export function nodesState({ membership, bus }: Cluster, alone: boolean): NodesState {
	const { self } = membership;
	const nodes = membership.reports().map((report) => figuresOf(report, report.boot_id === self.boot_id));
	return { nodes, redis: alone ? "off" : bus.connected ? "connected" : "away" };
}

function figuresOf(report: NodeReport, self: boolean): NodeFigures {
	return {
		node_id: report.node_id,
		boot_id: report.boot_id,
		self,
		version: report.version,
		started_at: Date.parse(report.started_at),
		shards: report.shards,
		actors: report.actors,
		requests_per_s: report.requests_per_second,
		feedback_per_s: report.feedback_items_per_second,
		commits_per_s: report.commits_per_second,
		commit_p50_ms: report.commit_p50_ms ?? 0,
		commit_p99_ms: report.commit_p99_ms ?? 0,
		loop_p99_ms: report.event_loop_p99_ms,
		console_sockets: report.console_sockets,
		live_previews: report.live_previews,
		rss_bytes: report.rss_bytes,
	};
}
