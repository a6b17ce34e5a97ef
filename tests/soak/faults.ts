import { setTimeout as sleep } from "node:timers/promises";
import type { Site } from "../chaos/site.ts";

/** Something that goes wrong, and is over when its promise resolves. */
export interface Fault {
	name: string;
	happen(): Promise<unknown>;
}

/**
 * What can go wrong. The first node is never killed, so that its memory can be watched over the whole time.
 *
 * @param people what lies beyond the site: agents that die, pages that lose their connection
 */
export function faultsOf(
	{ nodes, toDatabase, toRedis, redis, sql }: Site,
	random: () => number,
	people: Fault[],
): Fault[] {
	const mortal = () => {
		const node = nodes[1 + Math.floor(random() * (nodes.length - 1))];
		if (node === undefined) throw new Error("a soak needs several nodes");
		return node;
	};
	const away = (milliseconds: number, begin: () => void, end: () => void) => async () => {
		begin();
		await sleep(milliseconds);
		end();
	};
	return [
		{
			name: "a node is killed",
			happen: async () => {
				const node = mortal();
				await node.kill();
				await sleep(5_000);
				await node.start();
			},
		},
		{
			name: "a node is asked to stop",
			happen: async () => {
				const node = mortal();
				node.signal("SIGTERM");
				await node.service.ended;
				await node.start();
			},
		},
		{
			name: "a node stands still",
			happen: async () => {
				const node = mortal();
				node.signal("SIGSTOP");
				await sleep(12_000);
				node.signal("SIGCONT");
			},
		},
		{
			name: "the database says nothing",
			happen: away(
				10_000,
				() => toDatabase.blackHole(),
				() => toDatabase.heal(),
			),
		},
		{
			name: "the database refuses",
			happen: away(
				8_000,
				() => toDatabase.refuse(),
				() => toDatabase.heal(),
			),
		},
		{
			name: "the database is slow",
			happen: away(
				15_000,
				() => toDatabase.delay(50),
				() => toDatabase.heal(),
			),
		},
		{ name: "connections to the database are reset", happen: async () => toDatabase.reset() },
		{
			name: "the database ends every session",
			happen: () => sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'perigee %'`,
		},
		{
			name: "Redis says nothing",
			happen: away(
				15_000,
				() => toRedis.blackHole(),
				() => toRedis.heal(),
			),
		},
		{
			name: "Redis crashes",
			happen: async () => {
				await redis.crash();
				await sleep(5_000);
				await redis.restart();
			},
		},
		{ name: "connections to Redis are half open", happen: async () => toRedis.halfOpen() },
		...people,
	];
}
