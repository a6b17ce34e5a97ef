import { setTimeout as sleep } from "node:timers/promises";
import connect from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertPending } from "../main-job/pending-streams.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { eventually } from "../support/signals.ts";
import { type OwnPostgres, startPostgres } from "./own-postgres.ts";
import { ReportingAgent } from "./reporting-agent.ts";
import { rounds, say, since } from "./rounds.ts";
import { type Site, startSite } from "./site.ts";
import { type Call, SteadyCallers } from "./steady-callers.ts";
import { storedLogs } from "./stored-log.ts";

const ROUNDS = rounds(1, 2);
/** Seconds that it is away. */
const AWAY = 30;
const AGENTS = 4;
const STREAMS_EACH = 25;
/** Milliseconds between two requests of each kind to each node. */
const PAUSE = 250;
const MEBIBYTE = 1_048_576;
/** Seconds that an answer may take: of a request that waits already or that a silent server catches, and of any other. */
const CAUGHT = 5;
const PROMPT = 1;

interface Fault {
	name: string;
	/** Resolves with the moment at which it began. */
	begin(): Promise<number>;
	/** Resolves when PostgreSQL takes connections again. */
	end(): Promise<void>;
	/** What comes before the nodes can know is caught as well: nobody refuses it. */
	silent: boolean;
}

describe.each(["kill", "black hole"])(`PostgreSQL is away for ${AWAY} s under load: %s`, (name) => {
	let postgres: OwnPostgres;
	let site: Site;
	let agents: ReportingAgent[] = [];
	let callers: SteadyCallers;
	let fault: Fault;
	const random = seededRandom(newSeed());

	beforeAll(async () => {
		postgres = await startPostgres();
		site = await startSite({
			databaseUrl: postgres.url,
			through: name === "kill" ? [] : ["database"],
			env: {
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: "10",
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__INTERVAL: "1",
			},
		});
		fault =
			name === "kill"
				? { name, silent: false, begin: () => postgres.kill(), end: () => postgres.restart() }
				: {
						name,
						silent: true,
						begin: async () => {
							site.toDatabase.blackHole();
							return performance.now();
						},
						end: async () => site.toDatabase.heal(),
					};
		await insertPending(site.sql, AGENTS * STREAMS_EACH, { name: "held" });
		const urls = site.nodes.map(({ url }) => url);
		agents = Array.from({ length: AGENTS }, () => new ReportingAgent(urls, random, { patience: 8_000 }));
		for (const agent of agents) await agent.take(STREAMS_EACH, "held");
		for (const agent of agents) agent.report();
		callers = new SteadyCallers(site.nodes, PAUSE);
		callers.start();
		// What is loaded and compiled once is not to be taken for what an outage leaves behind.
		await eventually(() => acknowledged() > 1_000, { timeoutMs: 100_000 });
	});
	afterAll(async () => {
		await callers?.stop();
		for (const agent of agents) await agent.end();
		await site?.stop();
		await postgres?.stop();
	});

	const acknowledged = () => agents.reduce((sum, agent) => sum + agent.acknowledged, 0);
	const memory = () =>
		Promise.all(
			site.nodes.map(async ({ caller }) => (await caller.metric("process_resident_memory_bytes")) / MEBIBYTE),
		);

	for (let round = 1; round <= ROUNDS; round++)
		test(`round ${round}: every request is refused in time, and all goes on when it is back`, async () => {
			// What one grace leaves of the next is another test's business.
			await eventually(
				async () => {
					const [row] = await site.sql<{ over: boolean }[]>`SELECT grace_time < now() AS over FROM supervision`;
					return row?.over === true;
				},
				{ timeoutMs: 30_000 },
			);
			callers.forget();
			const before = await memory();
			const began = await whileRequestsWait(postgres.url, () => fault.begin());
			await sleep(1_000 * (AWAY - since(began)));
			const returning = performance.now();
			await fault.end();
			const returned = performance.now();
			const later = acknowledged();
			const back = await Promise.all(
				site.nodes.map(async ({ caller }) => {
					await eventually(async () => (await caller.ask("GET", "/1/streams/count")).status === 200, {
						timeoutMs: 20_000,
					});
					return since(returned);
				}),
			);
			await eventually(() => acknowledged() > later + 500, { timeoutMs: 60_000 });
			const { waiting, caught, fresh } = sorted(callers, { began, returning });
			const after = await memory();
			const grown = Math.max(...after.map((each, at) => each - (before[at] ?? 0)));
			const list = (figures: number[]) => figures.map((each) => each.toFixed(0)).join(", ");
			say(
				`postgres away (${name}, round ${round}): known after ${list([...callers.known.values()].map((at) => at - began))} ms; ${told(waiting, began)} to what waited already, ${told(caught)} to what came before it was known, ${told(fresh)} to what came later; back after ${Math.max(...back).toFixed(2)} s (the server itself took ${((returned - returning) / 1000).toFixed(1)} s); memory ${list(before)} → ${list(after)} MiB`,
			);
			for (const each of [waiting, fresh]) expect(each.length).toBeGreaterThan(0);
			// A server that is killed may be known to be away before anybody asks.
			if (fault.silent) expect(caught.length).toBeGreaterThan(0);
			expect(slowest(waiting, began)).toBeLessThan(CAUGHT);
			expect(slowest(caught)).toBeLessThan(fault.silent ? CAUGHT : PROMPT);
			expect(slowest(fresh)).toBeLessThan(PROMPT);
			const health = [...waiting, ...caught].filter(({ what }) => what === "GET /healthcheck");
			expect(slowest(health, began)).toBeLessThan(PROMPT);
			const odd = fresh.filter(({ status, retryAfter }) => status !== 503 || retryAfter === undefined);
			expect(odd.map(({ what, status }) => `${what}: ${status}`)).toEqual([]);
			const broken = [...waiting, ...caught].filter(({ status }) => status === 0 || status === 500);
			expect(broken.map(({ what, status }) => `${what}: ${status}`)).toEqual([]);
			expect(Math.max(...back)).toBeLessThan(5);
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
		say(`postgres away (${name}): ${missing.length} of ${checked} acknowledged changes are missing`);
		expect(missing).toEqual([]);
		expect(agents.flatMap(({ refused }) => refused)).toEqual([]);
	});
});

/** Begins what begins when requests wait for the database already: for what somebody else holds. */
async function whileRequestsWait(url: string, begin: () => Promise<number>): Promise<number> {
	const holder = connect(url, { max: 1, onnotice: () => undefined });
	try {
		await holder.unsafe("BEGIN; LOCK TABLE streams IN ACCESS EXCLUSIVE MODE");
		await eventually(async () => {
			const [row] = await holder<{ waiting: boolean }[]>`
				SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'streams'::regclass AND NOT granted) AS waiting`;
			return row?.waiting === true;
		});
		return await begin();
	} finally {
		await holder.end({ timeout: 0 });
	}
}

/**
 * The calls of an outage: those under way when it began, those that came before their node knew of it, and those that
 * came when it did. Only what was answered before the server was on its way back.
 */
function sorted(
	{ calls, known }: SteadyCallers,
	{ began, returning }: { began: number; returning: number },
): { waiting: Call[]; caught: Call[]; fresh: Call[] } {
	const during = calls.filter((call) => call.ended > began && call.began < returning && call.ended < returning);
	const knownTo = (call: Call) => call.began > (known.get(call.node) ?? Number.POSITIVE_INFINITY);
	return {
		waiting: during.filter((call) => call.began <= began),
		caught: during.filter((call) => call.began > began && !knownTo(call)),
		fresh: during.filter(knownTo),
	};
}

/** Seconds. `since`: what was waited before that moment does not count. */
function slowest(calls: readonly Call[], since = 0): number {
	return Math.max(0, ...calls.map((call) => (call.ended - Math.max(call.began, since)) / 1000));
}

function told(calls: readonly Call[], since = 0): string {
	return `${calls.length} answers within ${slowest(calls, since).toFixed(2)} s each`;
}
