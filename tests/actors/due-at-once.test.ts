import { afterAll, beforeAll, expect, test } from "vitest";
import { EVERY_SHARD } from "../../actors/cluster/cluster.ts";
import { inProcessCluster } from "../../actors/cluster/in-process.ts";
import { eventually } from "../support/signals.ts";
import { type Node, openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

const STREAMS = 2_000;
/** Of a look, 400 ms apart: what may fall into a second beside its own two. */
const ONE_LOOK = 0.4;

let site: Site;
let maker: Node;
beforeAll(async () => {
	site = await openSite();
	// It watches nothing itself.
	maker = await site.node({ cluster: watching([]) });
});
afterAll(() => site.close());

function watching(shards: readonly number[]) {
	const cluster = inProcessCluster({ node_id: "test", boot_id: `${shards.length}` });
	return { ...cluster, watch: { ...cluster.watch, name: "watch", shards: async () => shards } };
}

test.each([
	[1_000, EVERY_SHARD],
	[250, EVERY_SHARD.slice(0, 64)],
])(
	"of those that fell due while nobody watched, %i a second follow, by the share of a node in the shards",
	async (most, shards) => {
		await site.sql`TRUNCATE streams, stream_states, stream_logs`;
		await Promise.all(Array.from({ length: STREAMS }, () => maker.engine.create(written({ restart: 1 }))));
		const taken = [...(await maker.engine.take(takeRequest())), ...(await maker.engine.take(takeRequest()))];
		const failures = taken.map(({ stream_id, version }) => ({ stream_id, version, status: "failure" }));
		await maker.engine.feedback(failures, null);
		await site.sql`UPDATE stream_states SET restart_time = now() - random() * interval '1 hour'`;
		const node = await site.node({ cluster: watching(shards) });
		await eventually(
			async () => {
				const [left] = await site.sql<{ count: number }[]>`
				SELECT count(*)::int FROM stream_states WHERE status = 'failure' AND shard = ANY (${[...shards]}::smallint[])`;
				return left?.count === 0;
			},
			{ timeoutMs: 20_000 },
		);
		await node.stop();
		const [figures] = await site.sql<{ restarted: number; seconds: number }[]>`
		SELECT count(*)::int AS restarted,
			extract(epoch FROM max(log_time) - min(log_time))::float8 AS seconds
		FROM stream_logs WHERE status = 'restart'`;
		expect(figures!.restarted).toBeGreaterThan((STREAMS * shards.length) / 256 / 2);
		expect(figures!.restarted / (figures!.seconds + ONE_LOOK)).toBeLessThanOrEqual(most * 1.05);
	},
);
