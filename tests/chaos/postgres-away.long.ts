import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertPending } from "../main-job/pending-streams.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { eventually } from "../support/signals.ts";
import { Caller, NoAnswer } from "./caller.ts";
import { ReportingAgent } from "./reporting-agent.ts";
import { rounds, say, since } from "./rounds.ts";
import { type Site, startSite } from "./site.ts";
import { storedLogs } from "./stored-log.ts";

const ROUNDS = rounds(1, 2);
/** Seconds that it is away. */
const AWAY = 30;
const AGENTS = 4;
const STREAMS_EACH = 25;
const MEBIBYTE = 1_048_576;

describe(`PostgreSQL is away for ${AWAY} s under feedback load`, () => {
	let site: Site;
	let agents: ReportingAgent[] = [];
	const random = seededRandom(newSeed());

	beforeAll(async () => {
		site = await startSite({ through: ["database"], env: { LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: "10" } });
		await insertPending(site.sql, AGENTS * STREAMS_EACH, { name: "held" });
		const urls = site.nodes.map(({ url }) => url);
		agents = Array.from({ length: AGENTS }, () => new ReportingAgent(urls, random, { patience: 8_000 }));
		for (const agent of agents) await agent.take(STREAMS_EACH, "held");
		for (const agent of agents) agent.report();
		await sleep(3_000);
	});
	afterAll(async () => {
		for (const agent of agents) await agent.end();
		await site?.stop();
	});

	const memory = () =>
		Promise.all(
			site.nodes.map(async ({ caller }) => (await caller.metric("process_resident_memory_bytes")) / MEBIBYTE),
		);

	for (const way of ["refuse", "blackHole"] as const)
		for (let round = 1; round <= ROUNDS; round++)
			test(`${way}, round ${round}: every request is refused in time, and all goes on when it is back`, async () => {
				const acknowledged = agents.reduce((sum, agent) => sum + agent.acknowledged, 0);
				const before = await memory();
				const began = performance.now();
				site.toDatabase[way]();
				// What waits already when nobody knows yet may take longer than what comes afterwards.
				const first = await probe(site, 0);
				let slowest = 0;
				let refused = 0;
				while (since(began) < AWAY) {
					const { slowest: each, statuses } = await probe(site, 1);
					slowest = Math.max(slowest, each);
					refused += statuses.filter((status) => status === 503).length;
					expect(statuses.filter((status) => status !== 503)).toEqual([]);
					await sleep(500);
				}
				site.toDatabase.heal();
				const healed = performance.now();
				await eventually(
					async () => {
						const all = await Promise.all(site.nodes.map(({ caller }) => caller.ask("GET", "/healthcheck")));
						return all.every(({ status }) => status === 200);
					},
					{ timeoutMs: 20_000 },
				);
				const back = since(healed);
				await eventually(() => agents.reduce((sum, agent) => sum + agent.acknowledged, 0) > acknowledged + 500, {
					timeoutMs: 20_000,
				});
				const after = await memory();
				const grown = Math.max(...after.map((each, at) => each - (before[at] ?? 0)));
				say(
					`postgres away (${way}): first answers within ${first.slowest.toFixed(1)} s, ${refused} refused within ${slowest.toFixed(2)} s each, back after ${back.toFixed(1)} s, memory grown by ${grown.toFixed(0)} MiB of ${Math.max(...before).toFixed(0)}`,
				);
				expect(first.slowest).toBeLessThan(5);
				expect(slowest).toBeLessThan(1);
				expect(back).toBeLessThan(5);
				expect(grown).toBeLessThan(60);
			});

	test("no acknowledged change is missing, and no stream whose agent kept reporting was lost", async () => {
		for (const agent of agents) await agent.silence();
		const logs = await storedLogs(site.sql);
		const streams = agents.flatMap((agent) => [...agent.streams.values()]);
		const missing = streams.flatMap(({ id, acknowledged }) => {
			const codes = new Set((logs.get(id) ?? []).map(({ code }) => code));
			return acknowledged.filter((code) => !codes.has(code));
		});
		const checked = streams.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
		say(`postgres away: ${missing.length} of ${checked} acknowledged changes are missing`);
		expect(missing).toEqual([]);
		expect(agents.flatMap(({ refused }) => refused)).toEqual([]);
	});
});

/** One request of each kind to every node, at once. `seconds` is only what the answers are measured by. */
async function probe(site: Site, patience: number): Promise<{ slowest: number; statuses: number[] }> {
	const asked = site.nodes.flatMap(({ url }) =>
		[
			["GET", "/healthcheck"],
			["GET", "/1/streams/count"],
			["POST", "/1/streams/processing/queue", { filters: { names: ["none"] }, limit: 1 }],
		].map(async ([method, path, body]) => {
			const caller = new Caller(url, { connections: 1, patience: patience === 0 ? 10_000 : 5_000 });
			const began = performance.now();
			try {
				const { status } = await caller.ask(String(method), String(path), body);
				return { seconds: since(began), status };
			} catch (error) {
				if (!(error instanceof NoAnswer)) throw error;
				return { seconds: since(began), status: 0 };
			} finally {
				caller.close();
			}
		}),
	);
	const answers = await Promise.all(asked);
	return {
		slowest: Math.max(...answers.map(({ seconds }) => seconds)),
		statuses: answers.map(({ status }) => status),
	};
}
