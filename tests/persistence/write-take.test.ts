import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createActor } from "xstate";
import { DEFAULT_POLICY } from "../../machines/policy.ts";
import { STREAM_STATUSES } from "../../machines/status.ts";
import type { Effect, StreamEvent } from "../../machines/stream-event.ts";
import { createStreamMachine, type StreamContext } from "../../machines/stream-machine.ts";
import type { StreamStatus, WrittenStream } from "../../persistence/stream-row.ts";
import { createStreams } from "../../persistence/streams/create.ts";
import { deleteStreams, newestNumber } from "../../persistence/streams/delete.ts";
import { loadStates, type StreamState } from "../../persistence/streams/load.ts";
import { takeStreams } from "../../persistence/streams/take.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { someoneWaits } from "../support/lock-wait.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { account, storeStreams } from "./stored-stream.ts";

let database: FreshDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 2, onnotice: () => undefined });
});
beforeEach(async () => {
	await sql`TRUNCATE streams, stream_states, stream_groups, groups, stream_logs`;
});
afterAll(async () => {
	await sql?.end();
	await database?.drop();
});

const machine = createStreamMachine(DEFAULT_POLICY);

/** What the machine says of one event happening to a stored stream. */
function machineSays(
	state: StreamState,
	event: StreamEvent,
): { status: string; context: StreamContext; effects: Effect[] } {
	const context: StreamContext = {
		version: state.version,
		run: state.run,
		agent_id: state.agent_id,
		videofile: state.data_type === "videofile",
		restart: state.restart,
		attempt_count: state.attempt_count,
		delay: state.delay,
		current_attempt: state.current_attempt,
		autorestart_status: state.autorestart_status,
		lost_count: state.lost_count,
		last_error: state.last_error === null ? null : JSON.parse(state.last_error),
	};
	const actor = createActor(machine, {
		input: context,
		snapshot: machine.resolveState({ value: state.status, context }),
	});
	const effects: Effect[] = [];
	actor.on("*", (effect) => effects.push(effect));
	actor.start();
	actor.send(event);
	const after = actor.getSnapshot();
	actor.stop();
	return { status: after.value, context: after.context, effects };
}

/** Stored streams in any state that the table can hold, whether or not a lifecycle leads there. */
async function randomStreams(count: number, random: () => number): Promise<string[]> {
	const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
	const stored = await storeStreams(
		sql,
		Array.from({ length: count }, () => ({ status: random() < 0.6 ? "pending" : pick(STREAM_STATUSES) })),
	);
	for (const { stream_id } of stored) {
		await sql`
			UPDATE stream_states SET
				version = ${1 + Math.floor(random() * 9)}, revision = ${1 + Math.floor(random() * 99)},
				run = ${Math.floor(random() * 9)}, agent_id = ${pick([null, "earlier"])},
				feedback_time = ${pick([null, "2026-01-01T00:00:00Z"])}, first_feedback_time = ${pick([null, "2026-01-01T00:00:00Z"])},
				restart = ${pick([0, 1])}, attempt_count = ${1 + Math.floor(random() * 9)}, delay = ${1 + Math.floor(random() * 99)},
				current_attempt = ${Math.floor(random() * 9)}, last_attempt_time = ${pick([null, "2026-01-02T00:00:00Z"])},
				autorestart_status = ${pick(["disabled", "enabled", "in_progress", "failed", "denied"])},
				lost_count = ${Math.floor(random() * 9)},
				takeable_time = ${pick([null, "2026-01-03T00:00:00Z"])},
				last_error = ${pick([null, '{"error_code":1,"desc":"e","detail":"d"}'])}::text::json,
				video_info = ${pick([null, '{"width":1}'])}::text::json, preview = ${pick([null, '{"live":null}'])}::text::json
			WHERE stream_id = ${stream_id}`;
	}
	return stored.map(({ stream_id }) => stream_id);
}

const wholeRows = async (ids: string[]) =>
	new Map(
		(await sql`SELECT t.* FROM stream_states t WHERE stream_id = ANY (${ids}::uuid[])`).map((row) => [
			row["stream_id"] as string,
			row,
		]),
	);

describe("a statement that is not written by the machine does what the machine does", () => {
	test("take", async () => {
		const seed = newSeed();
		console.log(`take against the machine: seed ${seed}`);
		const ids = await randomStreams(120, seededRandom(seed));
		const states = new Map((await loadStates(sql, ids)).map((state) => [state.stream_id, state]));
		const before = await wholeRows(ids);
		const taken = new Map(
			(await takeStreams(sql, {}, [{ limit: 1_000, agent_id: "taker" }])).flat().map(({ row }) => [row.stream_id, row]),
		);
		const after = await wholeRows(ids);
		for (const id of ids) {
			const says = machineSays(states.get(id)!, { type: "take", agent_id: "taker" });
			const [old, now] = [before.get(id)!, after.get(id)!];
			const log =
				await sql`SELECT status, version, account_id, error, video_info, preview, log_time FROM stream_logs WHERE stream_id = ${id}`;
			if (says.effects.some(({ type }) => type === "ignored")) {
				expect(taken.has(id), `seed ${seed}: ${old["status"]}`).toBe(false);
				expect(now).toEqual(old);
				expect(log.length).toBe(0);
				continue;
			}
			const forgotten = says.effects.find((effect) => effect.type === "report_forgotten");
			expect(forgotten).toEqual({ type: "report_forgotten", what: "preview" });
			const { context } = says;
			expect(now, `seed ${seed}`).toEqual({
				...old,
				status: says.status,
				version: context.version,
				run: String(context.run),
				agent_id: context.agent_id,
				restart: context.restart,
				attempt_count: context.attempt_count,
				delay: context.delay,
				current_attempt: context.current_attempt,
				autorestart_status: context.autorestart_status,
				lost_count: context.lost_count,
				last_error: context.last_error,
				preview: null,
				revision: String(Number(old["revision"]) + 1),
				// The heartbeat starts, and what belonged to the time before it is over.
				feedback_time: log[0]!["log_time"],
				first_feedback_time: null,
				takeable_time: null,
			});
			const records = says.effects.filter((effect) => effect.type === "record");
			expect(log.map(({ status }) => status)).toEqual(records.map(({ status }) => status));
			expect(log[0]).toMatchObject({
				version: context.version,
				account_id: account,
				error: null,
				video_info: null,
				preview: null,
			});
			expect(taken.get(id)).toMatchObject({
				status: "in_progress",
				run: context.run,
				agent_id: "taker",
				preview: null,
			});
		}
		expect(taken.size).toBeGreaterThan(20);
	});

	test("create: a new stream is where the machine begins, with the record of its status", async () => {
		for (const status of ["pending", "pause"] as const)
			for (const restart of [0, 1] as const) {
				const stream_id = randomUUID();
				await createStreams(sql, [{ stream_id, stream: definition({ status, restart }) }]);
				const [state] = await loadStates(sql, [stream_id]);
				// A PUT begins anew: but for the version it leads where a creation does.
				const says = machineSays(state!, {
					type: "recreate",
					status,
					restart,
					attempt_count: 4,
					delay: 9,
					videofile: false,
				});
				const { videofile: _, ...context } = says.context;
				expect(state).toMatchObject({ ...context, version: 1, status: says.status });
				const log = await sql`SELECT status, version, error FROM stream_logs WHERE stream_id = ${stream_id}`;
				expect([...log]).toEqual([{ status, version: 1, error: null }]);
			}
	});

	test("delete: the record of the machine, in any status", async () => {
		const seed = newSeed();
		console.log(`delete against the machine: seed ${seed}`);
		const ids = await randomStreams(30, seededRandom(seed));
		const states = await loadStates(sql, ids);
		const upTo = 1e9;
		const { deleted, again } = await deleteStreams(sql, { stream_ids: ids, names: [], account_id: null, upTo });
		expect(deleted.length).toBe(30);
		expect(again).toBe(false);
		for (const state of states) {
			const says = machineSays(state, { type: "delete" });
			expect(says.status).toBe("deleted");
			const log = await sql`SELECT status, version, account_id FROM stream_logs WHERE stream_id = ${state.stream_id}`;
			const records = says.effects.filter((effect) => effect.type === "record");
			expect([...log]).toEqual(records.map(({ status }) => ({ status, version: state.version, account_id: account })));
		}
		expect((await wholeRows(ids)).size).toBe(0);
	});
});

function definition(members: Partial<WrittenStream> = {}): WrittenStream {
	return {
		account_id: account,
		name: "",
		description: "",
		data_type: "tcp",
		reference: "rtsp://camera/1",
		data: "{}",
		event_handler: "{}",
		policies: "{}",
		location: "{}",
		restart: 0,
		attempt_count: 4,
		delay: 9,
		status: "pending",
		group_name: null,
		...members,
	};
}

describe("a take", () => {
	test("for several: the first gets the oldest, each as many as it wants, and the last what is left", async () => {
		const stored = await storeStreams(
			sql,
			Array.from({ length: 9 }, () => ({})),
		);
		const takers = [
			{ limit: 3, agent_id: "first" },
			{ limit: 1, agent_id: null },
			{ limit: 4, agent_id: "third" },
			{ limit: 4, agent_id: "fourth" },
			{ limit: 2, agent_id: "fifth" },
		];
		const taken = await takeStreams(sql, {}, takers);
		const ids = stored.map(({ stream_id }) => stream_id);
		expect(taken.map((streams) => streams.map(({ row }) => row.stream_id))).toEqual([
			ids.slice(0, 3),
			ids.slice(3, 4),
			ids.slice(4, 8),
			ids.slice(8),
			[],
		]);
		const agents = await sql<{ agent_id: string | null }[]>`
			SELECT agent_id FROM stream_states ORDER BY create_time, number`;
		const of = (taker: number, streams: number) => Array.from({ length: streams }, () => takers[taker]!.agent_id);
		expect(agents.map(({ agent_id }) => agent_id)).toEqual([...of(0, 3), ...of(1, 1), ...of(2, 4), ...of(3, 1)]);
	});
});

describe("a creation", () => {
	test("of a batch: each as it was written, in the order of the batch, those of an unknown group left out whole", async () => {
		await sql`INSERT INTO groups (group_id, create_time, account_id, group_name, description)
			VALUES (${randomUUID()}, now(), ${account}, 'north', '')`;
		const batch = Array.from({ length: 30 }, (_, index) => ({
			stream_id: randomUUID(),
			stream: definition({
				name: `n${index}`,
				group_name: index % 3 === 0 ? "north" : index % 3 === 1 ? "nowhere" : null,
			}),
		}));
		const created = await createStreams(sql, batch);
		const kept = batch.filter((_, index) => index % 3 !== 1);
		expect([...created].sort()).toEqual(kept.map(({ stream_id }) => stream_id).sort());
		const names = await sql<{ name: string }[]>`SELECT name FROM streams ORDER BY create_time, number`;
		expect(names.map(({ name }) => name)).toEqual(kept.map(({ stream }) => stream.name));
		const [links] = await sql`SELECT count(*)::integer AS links FROM stream_groups`;
		expect(links).toEqual({ links: 10 });
	});
});

describe("a deletion", () => {
	const of = async (filter: { stream_ids?: string[]; names?: string[]; account_id?: string | null; upTo?: number }) =>
		deleteStreams(sql, { stream_ids: [], names: [], account_id: null, upTo: 1e9, ...filter });
	const left = async () =>
		(await sql<{ name: string }[]>`SELECT name FROM streams ORDER BY number`).map((row) => row.name);

	test("takes what matches one of the ids or one of the names, narrowed by the account", async () => {
		const other = randomUUID();
		const [a] = await storeStreams(sql, [
			{ name: "a" },
			{ name: "b" },
			{ name: "b", account_id: other },
			{ name: "c", account_id: other },
		]);
		await of({ names: ["b"], account_id: other });
		expect(await left()).toEqual(["a", "b", "c"]);
		await of({ stream_ids: [a!.stream_id, randomUUID()], names: ["c"] });
		expect(await left()).toEqual(["b"]);
		await of({});
		expect(await left(), "nothing is ever deleted for a missing filter").toEqual(["b"]);
	});

	test("goes in batches of 1,000 and leaves what was created after it began", async () => {
		await storeStreams(
			sql,
			Array.from({ length: 1_500 }, () => ({ name: "many" })),
		);
		const [row] = await sql<{ newest: number }[]>`SELECT max(number)::integer AS newest FROM streams`;
		const upTo = row!.newest;
		const first = await of({ names: ["many"], upTo });
		expect([first.deleted.length, first.again]).toEqual([1_000, true]);
		await storeStreams(sql, [{ name: "many" }]);
		const second = await of({ names: ["many"], upTo });
		expect([second.deleted.length, second.again]).toEqual([500, false]);
		expect(await left()).toEqual(["many"]);
	});

	test("of a stream that changes meanwhile looks at it again", async () => {
		const [stream] = await storeStreams(sql, [{ name: "a" }]);
		const blocker = postgres(database.url, { max: 1, onnotice: () => undefined });
		let result: Promise<Awaited<ReturnType<typeof of>>> | undefined;
		await blocker.begin(async (transaction) => {
			await transaction`UPDATE stream_states SET revision = revision + 1 WHERE stream_id = ${stream!.stream_id}`;
			await transaction`UPDATE streams SET name = 'b' WHERE stream_id = ${stream!.stream_id}`;
			result = of({ names: ["a"] });
			await someoneWaits(sql);
		});
		expect(await result).toEqual({ deleted: [], again: true });
		expect(await of({ names: ["a"] })).toEqual({ deleted: [], again: false });
		expect(await left()).toEqual(["b"]);
		await blocker.end();
	});

	test("asks for the newest number that a stream was given", async () => {
		await createStreams(sql, [{ stream_id: randomUUID(), stream: definition() }]);
		const [row] = await sql<{ newest: number }[]>`SELECT max(number)::integer AS newest FROM streams`;
		expect(await newestNumber(sql)).toBe(row!.newest);
	});
});

// The statuses of the machine and those of the table are the same words.
STREAM_STATUSES satisfies readonly StreamStatus[];
