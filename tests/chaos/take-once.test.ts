import { afterAll, beforeAll, expect, test } from "vitest";
import { insertPending } from "../main-job/pending-streams.ts";
import { describeWithRedis } from "../support/redis.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { Caller } from "./caller.ts";
import { either, rounds, say, seeds, since } from "./rounds.ts";
import { type Site, startSite } from "./site.ts";

const STREAMS = either(4_000, 20_000);
const TAKERS_PER_NODE = 8;
const ROUNDS = rounds(1, 20);

describeWithRedis("three nodes, eight agents at each", () => {
	let site: Site;
	beforeAll(async () => {
		// Nobody reports here, and nothing is to come back.
		site = await startSite({ env: { LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: "3600" } });
	});
	afterAll(() => site?.stop());

	test(
		"of all streams that they take none is handed out twice, and none is left",
		async () => {
			for (const seed of seeds(ROUNDS)) await oneRound(site, seed);
		},
		30_000 + ROUNDS * 60_000,
	);
});

async function oneRound({ sql, nodes }: Site, seed: number): Promise<void> {
	const random = seededRandom(seed);
	await sql`TRUNCATE streams, stream_states, stream_logs, stream_groups`;
	await insertPending(sql, STREAMS);
	const handed = new Map<string, number>();
	let given = 0;
	const began = performance.now();
	const taker = async (url: string) => {
		const caller = new Caller(url, { connections: 1 });
		while (given < STREAMS && since(began) < 50) {
			const taken = await caller.take(1 + Math.floor(random() * 100));
			given += taken.length;
			for (const { stream_id } of taken) handed.set(stream_id, (handed.get(stream_id) ?? 0) + 1);
		}
		caller.close();
	};
	await Promise.all(nodes.flatMap(({ url }) => Array.from({ length: TAKERS_PER_NODE }, () => taker(url))));
	const twice = [...handed.values()].filter((times) => times > 1).length;
	say(`take once: seed ${seed}: ${given} handed out in ${since(began).toFixed(1)} s, ${twice} of them twice`);
	expect({ twice, different: handed.size }).toEqual({ twice: 0, different: STREAMS });
	const [stored] = await sql<{ records: number; streams: number }[]>`
		SELECT count(*)::int AS records, count(DISTINCT stream_id)::int AS streams
		FROM stream_logs WHERE status = 'in_progress'`;
	expect(stored).toEqual({ records: STREAMS, streams: STREAMS });
}
