import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Caller } from "../chaos/caller.ts";
import { say } from "../chaos/rounds.ts";
import { agreed, type Site, startSite } from "../chaos/site.ts";
import { insertPending } from "../main-job/pending-streams.ts";
import { endsAt, explainLogPath } from "../support/log-path.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { eventually } from "../support/signals.ts";
import { type Acknowledged, type AgentOptions, SoakAgent } from "./agent.ts";
import { type Fault, faultsOf } from "./faults.ts";
import { idsOf, SoakOperator } from "./operator.ts";
import { SoakPages } from "./pages.ts";
import { type Sample, slope } from "./slope.ts";

const MINUTES = Number(process.env["SOAK_MINUTES"] ?? 5);
const [STREAMS, AGENTS, PAGES] = [20_000, 20, 50];
/** Half of what is reported is a change, and some three quarters of the streams are in agents' hands: so there are 500 a second. */
const INTERVAL = ((STREAMS * 0.75) / 2 / 500) * 1_000;
/** Minutes at the beginning in which everything is loaded, and caches fill. */
const WARM_UP = Math.min(10, MINUTES / 2.5);
/** Of the heap, from the end of that time on. Caches go on filling for some minutes: a short run shows only that nothing runs away. */
const MOST_GROWTH = MINUTES >= 30 ? 0.05 : 0.5;
const NAME = "soak";
const MEBIBYTE = 1_048_576;

const seed = newSeed();
const random = seededRandom(seed);
const ledger = new Map<string, Acknowledged>();
const odd: number[] = [];
let site: Site;
let agents: SoakAgent[] = [];
let operator: SoakOperator;
let pages: SoakPages;
let people: Fault[] = [];
let changes = 0;

beforeAll(async () => {
	console.log(`soak: seed ${seed}, ${MINUTES} minutes`);
	const collect = pathToFileURL(`${import.meta.dirname}/../abuse/collect-garbage.mjs`);
	site = await startSite({ through: ["database", "redis"], env: { NODE_OPTIONS: `--import=${collect.href}` } });
	await insertPending(site.sql, STREAMS, { name: NAME });
	// What fails restarts by itself, again and again.
	await site.sql`
		UPDATE stream_states SET restart = 1, delay = 5, attempt_count = 1000000, autorestart_status = 'enabled'`;
	const urls = site.nodes.map(({ url }) => url);
	let code = 1;
	const options: AgentOptions = {
		urls,
		random,
		target: STREAMS / AGENTS,
		name: NAME,
		interval: INTERVAL,
		ledger,
		nextCode: () => code++,
		odd,
	};
	agents = Array.from({ length: AGENTS }, () => new SoakAgent(options));
	await eventually(() => agents.reduce((sum, { streams }) => sum + streams, 0) > STREAMS * 0.95, {
		timeoutMs: 240_000,
	});
	operator = new SoakOperator(urls, random, NAME, await idsOf(site.sql, NAME), odd);
	pages = new SoakPages(urls, PAGES);
	people = [
		{
			name: "agents are killed",
			happen: async () => {
				for (const agent of agents.splice(0, 3)) {
					changes += agent.changes;
					await agent.end();
				}
				while (agents.length < AGENTS) agents.push(new SoakAgent(options));
			},
		},
		{ name: "all pages lose their connection", happen: async () => pages.breakOff() },
	];
});
afterAll(async () => {
	pages?.end();
	await operator?.end();
	for (const agent of agents) await agent.end();
	await site?.stop();
});

/** Bytes that a node holds when it has collected its garbage. Throws while it does not answer. */
async function heapOf(node: Site["nodes"][number]): Promise<number> {
	node.signal("SIGUSR2");
	await sleep(1_000);
	return node.caller.metric("nodejs_heap_size_used_bytes");
}

test(
	`${MINUTES} minutes of ${STREAMS} streams, 500 changes a second and ${PAGES} pages, with a fault each minute`,
	async () => {
		const faults = faultsOf(site, random, people);
		const [watched] = site.nodes;
		if (watched === undefined) throw new Error("no node");
		const heap: Sample[] = [];
		const began = performance.now();
		const seconds = () => (performance.now() - began) / 1_000;
		for (let minute = 0; minute < MINUTES; minute++) {
			const fault = faults[Math.floor(random() * faults.length)];
			while (seconds() < minute * 60 + 20) await sleep(500);
			const happened = fault?.happen();
			await happened;
			for (const moment of [40, 50]) {
				while (seconds() < minute * 60 + moment) await sleep(500);
				const held = await heapOf(watched).catch(() => Number.NaN);
				if (!Number.isNaN(held)) heap.push({ at: seconds(), value: held / MEBIBYTE });
			}
			while (seconds() < (minute + 1) * 60) await sleep(200);
			const reported = changes + agents.reduce((sum, agent) => sum + agent.changes, 0);
			const inHand = agents.reduce((sum, { streams }) => sum + streams, 0);
			say(
				`minute ${minute + 1}: ${fault?.name}; ${(reported / seconds()).toFixed(0)} changes/s so far, ${inHand} streams in agents' hands, ${operator.commands} commands, ${pages.messages} messages to pages; heap of the first node ${heap.at(-1)?.value.toFixed(1)} MiB`,
			);
		}
		const took = seconds();

		// Everything is as it should be again, and then nobody does anything any more.
		for (const way of [site.toDatabase, site.toRedis]) way.heal();
		await agreed(site.nodes, site.nodes.length, 60_000);
		await eventually(() => pages.longestSilence < 10, { timeoutMs: 30_000 });
		const longestSilence = pages.longestSilence;
		pages.end();
		await operator.end();
		for (const agent of agents) await agent.end();
		changes += agents.reduce((sum, agent) => sum + agent.changes, 0);
		await sleep(2_000);

		const { streams, records, missing, broken } = await site.sql.begin("isolation level repeatable read", checked);
		const settled = heap.filter(({ at }) => at > WARM_UP * 60);
		const { growth, error } = slope(settled);
		// What it has grown for certain: between two collections of garbage the heap moves by a third of itself.
		const grown = (growth - 2 * error) * ((settled.at(-1)?.at ?? 0) - (settled[0]?.at ?? 0));
		const mean = settled.reduce((sum, { value }) => sum + value, 0) / settled.length;
		say(
			`soak of ${MINUTES} minutes (seed ${seed}): ${(changes / took).toFixed(0)} changes/s, ${changes} acknowledged and ${missing.length} missing; ${records} records of ${streams} streams, ${broken.length} broken; ${operator.commands} commands, ${odd.length} odd answers; ${pages.messages} messages to pages in ${pages.connections} connections, the longest silence ${longestSilence.toFixed(1)} s; heap of the first node ${mean.toFixed(1)} MiB, growing by ${(growth * 3_600).toFixed(1)} ± ${(2 * error * 3_600).toFixed(1)} MiB an hour over ${settled.length} samples`,
		);
		expect(missing.slice(0, 5)).toEqual([]);
		expect(broken.slice(0, 5)).toEqual([]);
		expect(odd).toEqual([]);
		expect(changes / took).toBeGreaterThan(400);
		expect(grown).toBeLessThan(Math.max(3, mean * MOST_GROWTH));
		const failures = site.nodes
			.flatMap(({ service }) => service.lines)
			.filter(({ level }) => level === "error" || level === "fatal");
		expect(failures.slice(0, 5)).toEqual([]);
		const caller = new Caller(watched.url);
		const counted = await caller.ask("GET", `/1/streams/count?names=${NAME}`);
		caller.close();
		expect(counted.body).toEqual({ streams_count: (await idsOf(site.sql, NAME)).length });
	},
	(MINUTES + 20) * 60_000,
);

/**
 * Every log is a path of the lifecycle, every row stands where its log ends, and of what was acknowledged nothing is missing and
 * nothing stands in another order.
 */
async function checked(
	sql: postgres.TransactionSql,
): Promise<{ streams: number; records: number; missing: string[]; broken: string[] }> {
	const rows = await sql<{ stream_id: string; status: string }[]>`SELECT stream_id, status FROM stream_states`;
	const standing = new Map(rows.map(({ stream_id, status }) => [stream_id, status]));
	const missing: string[] = [];
	const broken: string[] = [];
	let [streams, records] = [0, 0];
	const check = (id: string, statuses: string[], codes: number[]) => {
		streams++;
		records += statuses.length;
		const why = explainLogPath(statuses);
		if (why !== null) broken.push(`${id}: ${why}`);
		else if (endsAt(statuses) !== (standing.get(id) ?? "deleted"))
			broken.push(`${id} stands at ${standing.get(id)}, and its log ends at ${endsAt(statuses)}`);
		let at = 0;
		for (const code of ledger.get(id)?.codes ?? []) {
			const found = codes.indexOf(code, at);
			if (found < 0) missing.push(`${id}: ${code}`);
			else at = found + 1;
		}
		ledger.delete(id);
		standing.delete(id);
	};
	let [id, statuses, codes]: [string, string[], number[]] = ["", [], []];
	const logs = sql<{ stream_id: string; status: string; code: number | null }[]>`
		SELECT stream_id, status, (error->>'error_code')::int AS code FROM stream_logs ORDER BY stream_id, record_number`;
	for await (const page of logs.cursor(10_000))
		for (const record of page) {
			if (record.stream_id !== id) {
				if (id !== "") check(id, statuses, codes);
				[id, statuses, codes] = [record.stream_id, [], []];
			}
			statuses.push(record.status);
			if (record.code !== null) codes.push(record.code);
		}
	if (id !== "") check(id, statuses, codes);
	for (const left of ledger.keys()) missing.push(`${left} has no log`);
	for (const left of standing.keys()) broken.push(`${left} has no log`);
	return { streams, records, missing, broken };
}
