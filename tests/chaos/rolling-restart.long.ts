import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { insertPending } from "../main-job/pending-streams.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { eventually } from "../support/signals.ts";
import { type Answered, Caller, NoAnswer } from "./caller.ts";
import { ReportingAgent } from "./reporting-agent.ts";
import { either, rounds, say, since } from "./rounds.ts";
import { agreed, type Site, type SiteNode, startSite } from "./site.ts";
import { storedLogs } from "./stored-log.ts";
import { describeWithProxy } from "./with-proxy.ts";

const ROUNDS = rounds(1, 5);
const CLIENTS = either(4, 12);
const AGENTS = 4;
const STREAMS_EACH = 25;
/** Seconds in which a stop is through. */
const STOP = 10;

describeWithProxy("a rolling restart of three nodes behind the proxy, under load", () => {
	let site: Site;
	let url = "";
	const seed = newSeed();
	const random = seededRandom(seed);
	const agents: ReportingAgent[] = [];
	const ends: { status: number | string; seconds: number; unready: boolean }[] = [];
	/** What a client that tries twice did not get, and what it got only then. */
	const lost: string[] = [];
	let second = 0;
	let requests = 0;
	let waits = 0;

	beforeAll(async () => {
		// A period that shows every agent that goes unheard for a moment.
		site = await startSite({ env: { LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: "4" } });
		url = await site.startProxy();
		await eventually(async () => (await new Caller(url).ask("GET", "/healthcheck")).status === 200);
		await insertPending(site.sql, AGENTS * STREAMS_EACH, { name: "held" });
		for (let at = 0; at < AGENTS; at++) {
			const agent = new ReportingAgent([url], random);
			agents.push(agent);
			await agent.take(STREAMS_EACH, "held");
			agent.report();
		}
	});
	afterAll(async () => {
		for (const agent of agents) await agent.end();
		await site?.stop();
	});

	async function ask(caller: Caller, method: string, path: string, body?: unknown): Promise<Answered | null> {
		requests++;
		let why = "";
		for (const attempt of [1, 2])
			try {
				const answer = await caller.ask(method, path, body);
				if (answer.status < 500) {
					if (attempt === 2) second++;
					return answer;
				}
				why = `${answer.status} ${JSON.stringify(answer.body)}`;
			} catch (error) {
				if (!(error instanceof NoAnswer)) throw error;
				why = error.message;
			}
		lost.push(`${method} ${path}: ${why}`);
		return null;
	}

	/** Creates, reads, lists, takes and finishes streams of its own. */
	async function client(name: string, done: () => boolean): Promise<void> {
		const caller = new Caller(url, { connections: 1 });
		while (!done()) {
			const created = await ask(caller, "POST", "/1/streams", streamBody({ name }));
			await ask(caller, "GET", `/1/streams/${(created?.body as { stream_id?: string } | undefined)?.stream_id}`);
			await ask(caller, "GET", `/1/streams?names=${name}&page_size=5`);
			const taken = await ask(caller, "POST", "/1/streams/processing/queue", { filters: { names: [name] }, limit: 50 });
			const { streams = [] } = (taken?.body ?? {}) as { streams?: { stream_id: string; version: number }[] };
			const items = streams.map(({ stream_id, version }) => ({ stream_id, version, status: "done" }));
			await ask(caller, "POST", "/1/streams/processing/feedback", { streams: items });
			await sleep(20);
		}
		caller.close();
	}

	/** Nobody else asks a node for its health after its start, and the proxy sends requests after the second good answer. */
	async function foundByProxy({ caller }: SiteNode): Promise<void> {
		await eventually(async () => {
			const { body } = await caller.ask("GET", "/metrics");
			const line = /^perigee_http_request_seconds_count\{[^}]*route="\/healthcheck",status="200"\} (\d+)$/m;
			// The third is asked for after the second was answered.
			return Number(line.exec(String(body))?.[1]) >= 3;
		});
	}

	/** Waits for what never comes, as an idle agent does. */
	async function waiter(done: () => boolean): Promise<void> {
		const caller = new Caller(url, { connections: 1, patience: 70_000 });
		while (!done()) {
			const filters = { names: ["never"] };
			await ask(caller, "POST", "/1/streams/processing/queue?wait=5", { filters, limit: 1 });
			waits++;
		}
		caller.close();
	}

	test(
		`every node ends with status 0 within ${STOP} s, unready first`,
		async () => {
			let over = false;
			const done = () => over;
			const working = [
				...Array.from({ length: CLIENTS }, (_, at) => client(`client-${at}`, done)),
				...Array.from({ length: 4 }, () => waiter(done)),
			];
			for (let round = 0; round < ROUNDS; round++)
				for (const node of site.nodes) {
					const began = performance.now();
					node.signal("SIGTERM");
					const unready = await eventually(async () => (await node.caller.ask("GET", "/healthcheck")).status === 503);
					const status = await node.service.ended;
					ends.push({ status, seconds: since(began), unready });
					await node.start();
					await agreed(site.nodes, site.nodes.length);
					await foundByProxy(node);
				}
			over = true;
			await Promise.all(working);
			expect(ends.filter(({ status, seconds, unready }) => status !== 0 || seconds > STOP || !unready)).toEqual([]);
		},
		60_000 + ROUNDS * 60_000,
	);

	test("loses no request that a client with one retry would notice", () => {
		const slowest = Math.max(...ends.map(({ seconds }) => seconds)).toFixed(1);
		say(
			`rolling restart: seed ${seed}: ${ends.length} stops, the slowest ${slowest} s; ${requests} requests, ${waits} waits, ${lost.length} lost, ${second} answered at the second try`,
		);
		expect(requests).toBeGreaterThan(100);
		expect(lost).toEqual([]);
	});

	test("makes no stream handler_lost", async () => {
		for (const agent of agents) await agent.silence();
		const records = [...(await storedLogs(site.sql)).values()].flat();
		expect(records.filter(({ status }) => status === "handler_lost")).toEqual([]);
		expect(agents.flatMap((agent) => agent.refused)).toEqual([]);
	});
});
