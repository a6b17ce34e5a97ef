import { SHARDS } from "../../actors/cluster/cluster.ts";
import { ownTime } from "../support/own-time.ts";
import type { ClusterNode } from "./nodes.ts";

/**
 * Looks every few milliseconds who watches what, and keeps the longest time that a shard was watched by two, and by
 * nobody. `nodes` may change while it looks.
 */
export function lookAtWatch(nodes: Iterable<ClusterNode>) {
	const since = { two: new Map<number, number>(), nobody: new Map<number, number>() };
	const longest = { two: 0, nobody: 0 };
	const look = () => {
		const now = ownTime();
		const watchers = new Array<number>(SHARDS).fill(0);
		for (const node of nodes) for (const shard of node.held) watchers[shard]!++;
		watchers.forEach((count, shard) => {
			note("two", shard, count > 1, now);
			note("nobody", shard, count === 0, now);
		});
	};
	const note = (kind: "two" | "nobody", shard: number, is: boolean, now: number) => {
		const began = since[kind].get(shard);
		if (!is) since[kind].delete(shard);
		else if (began === undefined) since[kind].set(shard, now);
		else longest[kind] = Math.max(longest[kind], now - began);
	};
	const timer = setInterval(look, 3);
	return {
		/** In milliseconds of this process's own time, since the look began. */
		longest,
		stop: () => clearInterval(timer),
	};
}
