import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { Api } from "./api.ts";
import { expectInvalid, faults, said } from "./faults.ts";
import type { Stream } from "./shapes.ts";
import { openTarget, UNKNOWN } from "./target.ts";

const target = await openTarget({
	LUNA_STREAMS_QUEUE__MAX_WAITERS: "40",
	LUNA_STREAMS_QUEUE__MAX_FILTER_BYTES: "100000",
});
const { api } = target;
const path = "/1/streams/processing/queue";
const { MAX_TAKE, MAX_LOOK, MAX_WAITERS, MAX_FILTER_BYTES } = target.config.LUNA_STREAMS_QUEUE;

const idsOf = (streams: Stream[]) => streams.map(({ stream_id }) => stream_id);

async function look(query: string): Promise<Stream[]> {
	const answer = await api.get<{ streams: Stream[] }>(`${path}?${query}`);
	expect(answer.status, JSON.stringify(answer.body)).toBe(200);
	return answer.body.streams;
}

async function createMany(count: number, members: Record<string, unknown> = {}): Promise<string[]> {
	const ids: string[] = [];
	for (let at = 0; at < count; at++) ids.push(await target.create(members));
	return ids;
}

describe("looking", () => {
	test("shows pending streams, oldest first, as GET shows them, and takes nothing", async () => {
		const name = target.name();
		const ids = await createMany(3, { name });
		await target.create({ name, status: "pause" });
		for (let time = 0; time < 2; time++) expect(idsOf(await look(`limit=10&names=${name}`))).toEqual(ids);
		expect(idsOf(await look(`limit=2&names=${name}`))).toEqual(ids.slice(0, 2));
		expect((await look(`limit=1&names=${name}`))[0]).toEqual(await target.stream(ids[0]!));
		expect(await target.log(ids[0]!)).toEqual(["pending"]);
	});
});

describe("taking", () => {
	test("gives the streams as they are now: in progress, with one record more", async () => {
		const id = await target.create({ description: "taken" });
		const pending = await target.stream(id);
		const taken = await target.takeOne(id);
		expect(taken).toEqual({ ...pending, status: "in_progress" });
		expect(await target.stream(id)).toEqual(taken);
		expect(await target.log(id)).toEqual(["pending", "in_progress"]);
		expect(await target.take({ stream_ids: [id] })).toEqual([]);
		expect(await look(`limit=1&stream_ids=${id}`)).toEqual([]);
	});
	test("goes from the oldest on, whatever order is asked in", async () => {
		const ids = await createMany(5);
		const stream_ids = [...ids].reverse();
		expect(idsOf(await target.take({ stream_ids }, 2))).toEqual(ids.slice(0, 2));
		expect(idsOf(await target.take({ stream_ids }, 10))).toEqual(ids.slice(2));
	});
	test("leaves what waits in pause, is done, failed or cancelled", async () => {
		const ids = await createMany(4);
		await target.patch(ids[0]!, { status: "pause" });
		await target.patch(ids[1]!, { status: "cancel" });
		await target.take({ stream_ids: ids.slice(2) }, 2);
		await target.report(ids[2]!, "done");
		await target.report(ids[3]!, "failure");
		expect(await target.take({ stream_ids: ids }, 10)).toEqual([]);
	});
	test("hands a stream out once, whoever asks at the same moment", async () => {
		const name = target.name();
		const ids = await createMany(40, { name });
		const takes = await Promise.all(Array.from({ length: 16 }, () => target.take({ names: [name] }, 5)));
		const given = takes.flatMap(idsOf);
		expect(given).toHaveLength(40);
		expect([...given].sort()).toEqual([...ids].sort());
		for (const take of takes)
			expect(idsOf(take)).toEqual([...idsOf(take)].sort((a, b) => ids.indexOf(a) - ids.indexOf(b)));
	});
	test("without filters sees all", async () => {
		const ids = [await target.create(), await target.create({ account_id: crypto.randomUUID() })];
		const seen = await look(`limit=${MAX_LOOK}`);
		// Others may create and take meanwhile, and what is older may be as much as one look shows.
		if (seen.length < MAX_LOOK) expect(idsOf(seen)).toEqual(expect.arrayContaining(ids));
		expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(["pending"]));
		const times = seen.map(({ create_time }) => create_time);
		expect(times).toEqual([...times].sort());
	});
	test("needs a limit and filters, and knows no others", async () => {
		expectInvalid(await api.post(path, { filters: {} }), "limit");
		expectInvalid(await api.post(path, { limit: 1 }), "filters");
		expect(said(await api.post(path, { filters: {}, limit: 1, faces: 1 }))).toEqual(faults.unexpected("faces"));
		const filters = { account_id: target.account };
		expect(said(await api.post(path, { filters, limit: 1 }))).toEqual(faults.unexpected("account_id", "filters"));
	});
});

describe("filters", () => {
	test("work alone, combine with AND, and their values with OR; looking and taking alike", async () => {
		const [name, other] = [target.name(), target.name()];
		const [one, two] = [await target.createGroup(), await target.createGroup()];
		const a = await target.create({ name, group_name: one.group_name });
		const b = await target.create({ name: other, group_name: two.group_name });
		const c = await target.create({ name });
		const cases: [filters: Record<string, string[]>, expected: string[]][] = [
			[{ stream_ids: [c, a, UNKNOWN] }, [a, c]],
			[{ names: [name] }, [a, c]],
			[{ names: [name, other] }, [a, b, c]],
			[{ group_ids: [one.group_id] }, [a]],
			[{ group_ids: [one.group_id, two.group_id, UNKNOWN] }, [a, b]],
			[{ group_names: [two.group_name] }, [b]],
			[{ group_names: [one.group_name, two.group_name, "none"] }, [a, b]],
			[{ group_ids: [one.group_id], group_names: [two.group_name] }, []],
			[{ names: [name], group_ids: [one.group_id, two.group_id] }, [a]],
			[{ stream_ids: [a, b, c], names: [name], group_names: [one.group_name] }, [a]],
			[{ group_ids: [UNKNOWN] }, []],
			[{ group_names: [target.name()] }, []],
			[{ names: [target.name()] }, []],
		];
		for (const [filters, expected] of cases) {
			const what = JSON.stringify(filters);
			const query = Object.entries(filters).map(([key, values]) => `${key}=${values}`);
			expect(idsOf(await look(`limit=10&${query.join("&")}`)), what).toEqual(expected);
			const taken = await target.take(filters, 10);
			expect(idsOf(taken), what).toEqual(expected);
			for (const id of expected) {
				await target.patch(id, { status: "pause" });
				await target.patch(id, { status: "pending" });
			}
		}
	});
});

describe("waiting", () => {
	/**
	 * The take is on its way, and has had a moment to begin waiting. From outside nobody can tell when it does; what comes
	 * after holds in either case.
	 */
	async function waiter(filters: object, wait = 10): Promise<{ taken: Promise<Stream[]> }> {
		const taken = target.take(filters, 1, { wait });
		await new Promise((resolve) => setTimeout(resolve, 100));
		return { taken };
	}
	const wakes: [what: string, prepare: () => Promise<string>, wake: (id: string) => Promise<unknown>][] = [
		["resumed", () => target.create({ status: "pause" }), (id) => target.patch(id, { status: "pending" })],
		["written anew", () => target.create({ status: "pause" }), (id) => api.put(`/1/streams/${id}`, target.body())],
		[
			"given back",
			async () => {
				const id = await target.create();
				await target.takeOne(id);
				return id;
			},
			(id) => target.report(id, "handler_lost"),
		],
	];
	test.concurrent.each(wakes)("sees a stream that is %s", async (_, prepare, wake) => {
		const id = await prepare();
		const { taken } = await waiter({ stream_ids: [id] });
		const woken = Date.now();
		await wake(id);
		expect(idsOf(await taken)).toEqual([id]);
		expect(Date.now() - woken).toBeLessThan(3_000);
	});
	test.concurrent("sees a stream that is created", async () => {
		const name = target.name();
		const { taken } = await waiter({ names: [name] });
		const id = await target.create({ name });
		expect(idsOf(await taken)).toEqual([id]);
	});
	test.concurrent("sees a stream that is attached to its group", async () => {
		const { group_id, group_name } = await target.createGroup();
		const id = await target.create();
		const { taken } = await waiter({ group_names: [group_name] });
		await api.post("/1/linker", { action: "attach", group_id, stream_ids: [id] });
		expect(idsOf(await taken)).toEqual([id]);
	});
	test.concurrent("ends without anything after its time", async () => {
		const begun = Date.now();
		expect(await target.take({ stream_ids: [UNKNOWN] }, 1, { wait: 0.3 })).toEqual([]);
		expect(Date.now() - begun).toBeGreaterThan(250);
		expect(Date.now() - begun).toBeLessThan(4_000);
	});
	test.concurrent("is no waiting when there is something", async () => {
		const begun = Date.now();
		const id = await target.create();
		expect(idsOf(await target.take({ stream_ids: [id] }, 100, { wait: 60 }))).toEqual([id]);
		expect(Date.now() - begun).toBeLessThan(5_000);
	});
	test.concurrent("gives one stream to one of many waiters", async () => {
		const name = target.name();
		const waiters = Array.from({ length: 8 }, () => target.take({ names: [name] }, 1, { wait: 2 }));
		await new Promise((resolve) => setTimeout(resolve, 100));
		const ids = [await target.create({ name }), await target.create({ name })];
		const given = (await Promise.all(waiters)).flatMap(idsOf);
		expect(given.sort()).toEqual(ids.sort());
	});
	test.concurrent("of one whose connection is gone takes nothing, or what it took goes back", async () => {
		const name = target.name();
		const gone = request(`${api.url}${path}?wait=30`, {
			method: "POST",
			agent: false,
			headers: { "Content-Type": "application/json" },
		});
		gone.on("error", () => undefined);
		gone.end(JSON.stringify({ filters: { names: [name] }, limit: 1 }));
		await new Promise((resolve) => setTimeout(resolve, 200));
		gone.destroy();
		const id = await target.create({ name });
		expect(idsOf(await target.take({ names: [name] }, 1, { wait: 5 }))).toEqual([id]);
		const log = await target.log(id);
		const back = ["in_progress", "handler_lost", "restart", "pending"];
		expect([
			["pending", "in_progress"],
			["pending", ...back, "in_progress"],
		]).toContainEqual(log);
	});
});

test.runIf(MAX_WAITERS <= 100)("more than MAX_WAITERS are answered 39905 with Retry-After", async () => {
	const body = { filters: { stream_ids: [UNKNOWN] }, limit: 1 };
	const impatient = new Api(api.url, MAX_WAITERS + 4);
	const asked = Array.from({ length: MAX_WAITERS + 4 }, () => impatient.post(`${path}?wait=2`, body));
	const answers = await Promise.all(asked);
	impatient.close();
	const refused = answers.filter(({ status }) => status !== 200);
	expect(refused).toHaveLength(4);
	for (const answer of refused) {
		expect(said(answer)).toEqual(faults.unavailable("queue"));
		expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
	}
	for (const answer of answers.filter(({ status }) => status === 200)) expect(answer.body).toEqual({ streams: [] });
});

test.runIf(MAX_FILTER_BYTES <= 1_000_000)(
	"those who wait with more ids than all may have together are answered 39905, whoever has few or does not wait is not",
	async () => {
		const filters = { stream_ids: Array.from({ length: Math.ceil(MAX_FILTER_BYTES / 200) }, () => randomUUID()) };
		const ask = (query: string, body: unknown) => api.post(`${path}${query}`, body);
		const answers = await Promise.all(Array.from({ length: 4 }, () => ask("?wait=2", { filters, limit: 1 })));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 503, 503, 503]);
		const refused = answers.find(({ status }) => status === 503);
		expect(refused && said(refused)).toEqual(faults.unavailable("queue"));
		const held = ask("?wait=2", { filters, limit: 1 });
		const few = ask("?wait=1", { filters: { stream_ids: [UNKNOWN] }, limit: 1 });
		const [now, later] = await Promise.all([ask("", { filters, limit: 1 }), few]);
		expect([now.status, later.status, (await held).status]).toEqual([200, 200, 200]);
	},
);

test("a thousand and more of one name are taken in parts, listed in pages and deleted together", async () => {
	const name = target.name();
	const count = 1_040;
	await Promise.all(Array.from({ length: count }, () => target.create({ name })));
	expect(await target.list(`names=${name}&page_size=1000`)).toHaveLength(1_000);
	expect(await target.list(`names=${name}&page_size=1000&page=2`)).toHaveLength(count - 1_000);
	const first = await target.take({ names: [name] }, 2_000);
	expect(first).toHaveLength(Math.min(MAX_TAKE, count));
	const given = [...first, ...(await target.take({ names: [name] }, 2_000))].map(({ stream_id }) => stream_id);
	expect(new Set(given).size).toBe(given.length);
	expect((await api.delete("/1/streams", { names: [name] })).status).toBe(204);
	expect(await target.count(`names=${name}`)).toBe(0);
});

describe("Agent-Id", () => {
	const post = (agent: string) =>
		api.post(path, { filters: { stream_ids: [UNKNOWN] }, limit: 1 }, { "Agent-Id": agent });
	test("has 1 to 128 visible characters, else 12012", async () => {
		for (const good of ["a", "!~", "x".repeat(128)]) expect((await post(good)).status, good).toBe(200);
		for (const bad of ["", "a b", "x".repeat(129), "ü"])
			expect(said(await post(bad)), bad).toEqual(faults.badQuery("Agent-Id"));
		const feedback = await api.post("/1/streams/processing/feedback", { streams: [] }, { "Agent-Id": "a b" });
		expect(said(feedback)).toEqual(faults.badQuery("Agent-Id"));
	});
	test("of another agent than the one that took the stream makes its feedback unmodified", async () => {
		const id = await target.create();
		await target.takeOne(id, "agent-1");
		const item = { stream_id: id, version: 1, status: "done" };
		const state = { stream_id: id, version: 1, status: "in_progress" };
		expect(await target.feedback([item], "agent-2")).toEqual({ modified: [], unmodified: [state] });
		expect(await target.feedback([{ ...item, status: "in_progress" }], "agent-1")).toEqual({
			modified: [state],
			unmodified: [],
		});
		expect((await target.feedback([item], "agent-1")).modified).toHaveLength(1);
	});
	test("may be left out on either side", async () => {
		const [named, unnamed] = [await target.create(), await target.create()];
		await target.takeOne(named, "agent-1");
		await target.takeOne(unnamed);
		const items = [named, unnamed].map((stream_id) => ({ stream_id, version: 1, status: "in_progress" }));
		expect((await target.feedback(items)).modified).toHaveLength(2);
		expect((await target.feedback(items.slice(1), "agent-9")).modified).toHaveLength(1);
	});
});
