import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { streamBody } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";
import { rounds, say, since } from "./rounds.ts";
import { agreed, type Site, startSite } from "./site.ts";

const ROUNDS = rounds(1, 3);
/** Each node has three: one speaks, one listens, one keeps the leases. */
const CONNECTIONS = 3;

describe("connections to Redis whose other end is gone without a word", () => {
	let site: Site;
	beforeAll(async () => {
		site = await startSite({ through: ["redis"] });
	});
	afterAll(() => site?.stop());

	test(
		"are found within 15 s, and then all nodes agree",
		async () => {
			for (let round = 0; round < ROUNDS; round++) {
				const before = site.toRedis.accepted;
				const began = performance.now();
				site.toRedis.halfOpen();
				await eventually(() => site.toRedis.accepted >= before + CONNECTIONS * site.nodes.length, {
					timeoutMs: 40_000,
				});
				const found = since(began);
				await agreed(site.nodes, site.nodes.length);
				await eventually(async () => {
					const up = await Promise.all(site.nodes.map(({ caller }) => caller.metric("perigee_cluster_up")));
					return up.every((each) => each === 1);
				});
				say(`redis half-open: found after ${found.toFixed(1)} s, all agree after ${since(began).toFixed(1)} s`);
				expect(found).toBeLessThan(15);
				await newsTravels(site);
			}
		},
		ROUNDS * 90_000,
	);
});

/** What one node changed the others know of at once: a late report is refused there. */
async function newsTravels({ nodes: [first, second] }: Site): Promise<void> {
	if (first === undefined || second === undefined) throw new Error("two nodes are needed");
	const { body } = await first.caller.ask("POST", "/1/streams", streamBody({ name: "news" }));
	const { stream_id } = body as { stream_id: string };
	await second.caller.take(1, { filters: { names: ["news"] } });
	const report = async () => {
		const streams = [{ stream_id, version: 1, status: "in_progress" }];
		const answer = await second.caller.ask("POST", "/1/streams/processing/feedback", { streams });
		return (answer.body as { streams: { modified: unknown[] } }).streams.modified.length;
	};
	for (let times = 0; times < 3; times++) expect(await report()).toBe(1);
	await first.caller.ask("PATCH", `/1/streams/${stream_id}`, { status: "pause" });
	await eventually(async () => (await report()) === 0, { timeoutMs: 500 });
}
