import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertPending } from "../main-job/pending-streams.ts";
import { eventually } from "../support/signals.ts";
import { rounds, say, since } from "./rounds.ts";
import { agreed, type Site, type SiteNode, startSite } from "./site.ts";
import { statuses } from "./stored-log.ts";

const ROUNDS = rounds(1, 3);
const STREAMS = 200;
const PERIOD = 4;
const INTERVAL = 0.5;
/** Seconds within which others watch what a node watched that cannot any more. */
const TAKEN_OVER = 10;

describe.each(["refuse", "blackHole"] as const)("a node that alone is cut off from PostgreSQL: %s", (way) => {
	let site: Site;
	let cut: SiteNode;
	let others: SiteNode[];
	beforeAll(async () => {
		site = await startSite({
			through: ["database"],
			faulty: [1],
			env: {
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: String(PERIOD),
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__INTERVAL: String(INTERVAL),
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__LOST_LIMIT: "1000000",
			},
		});
		[cut, ...others] = site.nodes as [SiteNode, ...SiteNode[]];
		await insertPending(site.sql, STREAMS);
		await eventually(async () => (await cut.caller.metric("perigee_grace")) === 0, { timeoutMs: 10_000 * PERIOD });
	});
	afterAll(() => site?.stop());

	test(
		"keeps no silent stream of its shards from the others, and watches its share again when it is back",
		async () => {
			for (let round = 0; round < ROUNDS; round++) {
				expect((await others[0]?.caller.take(STREAMS))?.length).toBe(STREAMS);
				const began = performance.now();
				site.toDatabase[way]();
				await eventually(() => watch(others), { timeoutMs: 30_000 });
				const watched = since(began);
				await eventually(async () => (await statuses(site.sql))["pending"] === STREAMS, { timeoutMs: 60_000 });
				const back = since(began);
				expect((await cut.caller.ask("GET", "/healthcheck")).status).toBe(503);
				expect(await cut.caller.metric("perigee_cluster_nodes")).toBe(site.nodes.length);
				site.toDatabase.heal();
				await agreed(site.nodes, site.nodes.length);
				await eventually(async () => (await cut.caller.metric("perigee_cluster_shards")) > 0);
				// Nobody is lost before the grace that its return brings is over.
				await eventually(async () => (await others[0]?.caller.metric("perigee_grace")) === 0, {
					timeoutMs: 10_000 * PERIOD,
				});
				say(
					`cut off (${way}): its shards watched by others after ${watched.toFixed(1)} s, silent streams back after ${back.toFixed(1)} s`,
				);
				expect(watched).toBeLessThan(TAKEN_OVER);
				expect(back).toBeLessThan(PERIOD + INTERVAL + TAKEN_OVER);
			}
		},
		30_000 + ROUNDS * 90_000,
	);
});

/** Whether these watch all shards together. */
async function watch(nodes: readonly SiteNode[]): Promise<boolean> {
	const shards = await Promise.all(nodes.map(({ caller }) => caller.metric("perigee_cluster_shards")));
	return shards.reduce((sum, each) => sum + each, 0) === 256;
}
