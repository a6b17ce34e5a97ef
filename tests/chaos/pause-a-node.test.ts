import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FeedbackAnswer, StreamView } from "../main-job/api-client.ts";
import { insertPending } from "../main-job/pending-streams.ts";
import { streamBody } from "../main-job/stream-bodies.ts";
import { describeWithRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { Caller } from "./caller.ts";
import { either, say, since } from "./rounds.ts";
import { agreed, type Site, type SiteNode, startSite } from "./site.ts";

const STREAMS = either(200, 1_000);
/** Seconds that the node stands still. */
const PAUSE = either(4, 20);
const LEASE_TTL = either(2, 6);
const FLUSH = 1;
const BATCH = 50;
/** What the paused node was told before it stood still and has not written, and what it is told while it stands still. */
const UNWRITTEN = 333;
const STALE = 666;
const MARKER = 999;

interface Row {
	stream_id: string;
	status: string;
	version: number;
	width: number | null;
}

describeWithRedis(`a node that stands still for ${PAUSE} s and then goes on (SIGSTOP, SIGCONT)`, () => {
	let site: Site;
	let paused: SiteNode;
	let other: SiteNode;
	let ids: string[] = [];
	const before = new Map<string, Row>();
	let answers: FeedbackAnswer["streams"][] = [];

	beforeAll(async () => {
		site = await startSite({
			env: {
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: "3600",
				LUNA_STREAMS_FEEDBACK__TELEMETRY_FLUSH_INTERVAL: String(FLUSH),
				REDIS__LEASE_TTL: String(LEASE_TTL),
			},
		});
		[paused, other] = site.nodes as [SiteNode, SiteNode];
		await insertPending(site.sql, STREAMS);
		ids = (await paused.caller.take(STREAMS)).map(({ stream_id }) => stream_id);
		// The first of a run is committed, what follows is telemetry.
		for (const width of [1, UNWRITTEN]) await report(paused.caller, (id) => telemetry(id, width));
	});
	afterAll(() => site?.stop());

	async function report(
		caller: Caller,
		item: (id: string, at: number) => object,
	): Promise<FeedbackAnswer["streams"][]> {
		const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, at) => at * BATCH);
		return Promise.all(
			batches.map(async (from) => {
				const streams = ids.slice(from, from + BATCH).map((id, at) => item(id, from + at));
				const { status, body } = await caller.ask("POST", "/1/streams/processing/feedback", { streams });
				expect(status).toBe(200);
				return (body as FeedbackAnswer).streams;
			}),
		);
	}

	const rows = () => site.sql<Row[]>`
		SELECT stream_id, status, version, (video_info->>'width')::int AS width FROM stream_states`;

	test("the others watch its shards meanwhile, and it is one of them again afterwards", async () => {
		const began = performance.now();
		paused.signal("SIGSTOP");
		const others = site.nodes.filter((node) => node !== paused);
		const watching = agreed(others, others.length).then(() => since(began));
		// Its agents do not know: what they send lies in its sockets until it goes on.
		const patient = new Caller(paused.url, { connections: 32, patience: 1_000 * PAUSE + 30_000 });
		const late = report(patient, (id, at) =>
			at % 2 === 0 ? telemetry(id, STALE) : { stream_id: id, version: 1, status: "failure" },
		);
		await changeAll(other.caller);
		for (const row of await rows()) before.set(row.stream_id, row);
		const watched = await watching;
		await sleep(Math.max(0, 1_000 * (PAUSE - since(began))));
		paused.signal("SIGCONT");
		const goesOn = performance.now();
		answers = await late;
		await agreed(site.nodes, site.nodes.length);
		say(
			`pause a node: its shards watched by others after ${watched.toFixed(1)} s, all agree ${since(goesOn).toFixed(1)} s after it goes on`,
		);
		patient.close();
		expect(watched).toBeLessThan(10);
	}, 120_000);

	/** A third each: replaced, paused, done; so each is something else than the paused node believes. */
	async function changeAll(caller: Caller): Promise<void> {
		await Promise.all(
			ids.map(async (id, at) => {
				if (at % 3 === 0) expect((await caller.ask("PUT", `/1/streams/${id}`, streamBody())).status).toBe(200);
				if (at % 3 === 1) expect((await caller.ask("PATCH", `/1/streams/${id}`, { status: "pause" })).status).toBe(204);
			}),
		);
		const done = ids.filter((_, at) => at % 3 === 2).map((stream_id) => ({ stream_id, version: 1, status: "done" }));
		await caller.ask("POST", "/1/streams/processing/feedback", { streams: done });
	}

	/** A node flushes all that it has at once: when what it was told last is written, so is what it was told before. */
	async function flushed(caller: Caller): Promise<void> {
		const { body } = await caller.ask("POST", "/1/streams", streamBody({ name: "marker" }));
		const { stream_id } = body as { stream_id: string };
		await caller.take(1, { filters: { names: ["marker"] } });
		for (const width of [1, MARKER])
			await caller.ask("POST", "/1/streams/processing/feedback", { streams: [telemetry(stream_id, width)] });
		await eventually(async () => (await rows()).some((row) => row.stream_id === stream_id && row.width === MARKER));
	}

	test("writes nothing of what it believed", async () => {
		await flushed(paused.caller);
		const after = (await rows()).filter(({ stream_id }) => before.has(stream_id));
		const stale = after.filter(
			(row) =>
				row.width === STALE ||
				row.width === UNWRITTEN ||
				JSON.stringify(row) !== JSON.stringify(before.get(row.stream_id)),
		);
		const modified = answers.flatMap((each) => each.modified);
		const news = new Set(ids.filter((_, at) => at % 2 === 1));
		const wrong = modified.filter(({ stream_id }) => news.has(stream_id));
		say(
			`pause a node: ${stale.length} of ${STREAMS} stale reports were written; of ${news.size} changes ${wrong.length} were believed, of ${STREAMS - news.size} signs of life ${modified.length - wrong.length}`,
		);
		expect({ stale, wrong }).toEqual({ stale: [], wrong: [] });
	});

	test("says so to its agents at their next report", async () => {
		const again = await report(paused.caller, (id) => telemetry(id, STALE));
		expect(again.flatMap(({ modified }) => modified)).toEqual([]);
		expect((await rows()).filter(({ width }) => width === STALE)).toEqual([]);
		const { body } = await paused.caller.ask("GET", `/1/streams/${ids[0]}`);
		expect((body as StreamView).version).toBe(2);
	});
});

function telemetry(stream_id: string, width: number): object {
	return { stream_id, version: 1, status: "in_progress", video_info: { width } };
}
