import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertPending } from "../main-job/pending-streams.ts";
import { describeWithRedis } from "../support/redis.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { eventually } from "../support/signals.ts";
import { ReportingAgent } from "./reporting-agent.ts";
import { either, rounds, say, seeds, since } from "./rounds.ts";
import { agreed, type Site, startSite } from "./site.ts";
import { statuses, storedLogs } from "./stored-log.ts";

const ROUNDS = rounds(1, 50);
const AGENTS = 6;
const STREAMS_EACH = 25;
/** Left alone by their agent at the moment of each kill. */
const ABANDONED = 20;
const PERIOD = either(3, 6);
const INTERVAL = 0.5;
const LEASE_TTL = either(2, 6);
/** Seconds within which others watch what a dead node watched. */
const TAKEN_OVER = 10;

describeWithRedis(`${ROUNDS} rounds of kill -9 of a node under feedback load`, () => {
	let site: Site;
	const [seed = 0] = seeds(1);
	const random = seededRandom(seed);
	let agents: ReportingAgent[] = [];
	const figures = { handed: [] as number[], back: [] as number[] };

	beforeAll(async () => {
		site = await startSite({
			env: {
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: String(PERIOD),
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__INTERVAL: String(INTERVAL),
				// The abandoned ones are lost on purpose, round after round.
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__LOST_LIMIT: "1000000",
				REDIS__LEASE_TTL: String(LEASE_TTL),
			},
		});
		await insertPending(site.sql, AGENTS * STREAMS_EACH, { name: "held" });
		await insertPending(site.sql, ABANDONED, { name: "abandoned" });
		agents = Array.from({ length: AGENTS }, () => newAgent());
		for (const agent of agents) await agent.take(STREAMS_EACH, "held");
		for (const agent of agents) agent.report();
		// The grace after the first start: nobody is lost before it is over.
		await eventually(async () => (await site.nodes[0]?.caller.metric("perigee_grace")) === 0, {
			timeoutMs: 4_000 * PERIOD,
		});
	});
	afterAll(async () => {
		for (const agent of agents) await agent.end();
		await site?.stop();
	});

	const newAgent = () =>
		new ReportingAgent(
			site.nodes.map(({ url }) => url),
			random,
		);

	test(
		`what a silent agent had is back in the queue within the period and ${TAKEN_OVER} s, whoever watched it`,
		async () => {
			for (let round = 1; round <= ROUNDS; round++) await oneRound(round);
			const most = (values: number[]) => Math.max(...values).toFixed(1);
			say(
				`kill a node: seed ${seed}: ${ROUNDS} rounds, every shard watched again within ${most(figures.handed)} s, silent streams back within ${most(figures.back)} s of their last feedback`,
			);
		},
		30_000 + ROUNDS * 60_000,
	);

	async function oneRound(round: number): Promise<void> {
		const victim = site.nodes[Math.floor(random() * site.nodes.length)];
		if (victim === undefined) throw new Error("no node");
		const others = site.nodes.filter((node) => node !== victim);
		const leaving = newAgent();
		await leaving.take(ABANDONED, "abandoned");
		leaving.report();
		await sleep(200 + random() * 800);
		await leaving.end();
		const began = performance.now();
		await victim.kill();
		await agreed(others, others.length);
		figures.handed.push(since(began));
		await eventually(
			async () => {
				const [row] = await site.sql<{ pending: number }[]>`
					SELECT count(*)::int AS pending FROM stream_states WHERE status = 'pending'`;
				return row?.pending === ABANDONED;
			},
			{ timeoutMs: 60_000 },
		);
		figures.back.push(since(began));
		await victim.start();
		await agreed(site.nodes, site.nodes.length);
		const [watched = 0, back = 0] = [figures.handed.at(-1), figures.back.at(-1)];
		console.log(
			`round ${round}: node ${victim.number} killed, watched again after ${watched.toFixed(1)} s, silent streams back after ${back.toFixed(1)} s`,
		);
		expect(watched).toBeLessThan(TAKEN_OVER);
		expect(back).toBeLessThan(PERIOD + INTERVAL + TAKEN_OVER);
	}

	test("no stream whose agent kept reporting was lost, and none is stuck", async () => {
		for (const agent of agents) await agent.silence();
		const refused = agents.flatMap((agent) => agent.refused);
		const silence = Math.max(...agents.flatMap(({ streams }) => [...streams.values()].map((s) => s.longestSilence)));
		const answers = agents.reduce((sum, each) => sum + each.answers, 0);
		const failures = agents.reduce((sum, each) => sum + each.failures, 0);
		say(
			`kill a node: ${answers} reports answered, ${failures} not; the longest an agent went unheard was ${(silence / 1000).toFixed(1)} s`,
		);
		expect(refused).toEqual([]);
		expect(await statuses(site.sql)).toEqual({ in_progress: AGENTS * STREAMS_EACH, pending: ABANDONED });
	});

	test("no acknowledged change is missing in the log", async () => {
		const logs = await storedLogs(site.sql);
		let missing = 0;
		let checked = 0;
		for (const { streams } of agents)
			for (const { id, acknowledged } of streams.values()) {
				const codes = new Set((logs.get(id) ?? []).map(({ code }) => code));
				checked += acknowledged.length;
				missing += acknowledged.filter((code) => !codes.has(code)).length;
			}
		say(`kill a node: ${missing} of ${checked} acknowledged changes are missing`);
		expect(checked).toBeGreaterThan(100);
		expect(missing).toBe(0);
	});
});
