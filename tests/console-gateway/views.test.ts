import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConsoleFilter, ServerMessage } from "../../client/console/protocol.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { ACCOUNT, OTHER_ACCOUNT, streamBody, UNKNOWN } from "../main-job/stream-bodies.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";

let service: RunningService;
let page: PageSocket;
const pages: PageSocket[] = [];

beforeAll(async () => {
	service = await startService();
});
afterAll(() => service.stop());

beforeEach(async () => {
	await service.sql`TRUNCATE streams, stream_states, stream_logs, groups, stream_groups`;
	page = await open();
});
afterEach(() => {
	for (const each of pages.splice(0)) each.close();
});

async function open(): Promise<PageSocket> {
	const opened = await PageSocket.open(service.url);
	pages.push(opened);
	return opened;
}

function create(members: object = {}): Promise<string> {
	return service.api.create(streamBody(members));
}

function patch(id: string, status: string): Promise<unknown> {
	return service.api.expect(204, "PATCH", `/1/streams/${id}`, { status });
}

type Changes = Extract<ServerMessage, { type: "changes" }>["subs"][number];

/** Everything that subscription 1 was told in changes, the newest of each stream. */
function told(from: PageSocket) {
	const rows = new Map<string, Changes["rows"][number]>();
	const left = new Set<string>();
	const gone = new Set<string>();
	let appeared = 0;
	for (const { subs } of from.of("changes"))
		for (const part of subs.filter(({ sub }) => sub === 1)) {
			for (const row of part.rows) {
				rows.set(row.stream_id, row);
				left.delete(row.stream_id);
			}
			for (const id of part.left) left.add(id);
			for (const id of part.gone) gone.add(id);
			appeared = part.appeared;
		}
	return { rows, left, gone, appeared };
}

async function view(filter: ConsoleFilter = {}, from = page) {
	from.say({ op: "streams", sub: 1, filter, order: "oldest" });
	return from.next("snapshot");
}

describe("a page's socket", () => {
	test("is greeted with where it stands and who it is", () => {
		expect(page.said[0]).toMatchObject({
			type: "hello",
			position: { boot_id: expect.any(String), number: expect.any(Number) },
			caller: { name: "anonymous", role: "admin" },
		});
	});

	test("gets a snapshot of what matches, in order, and then what changes", async () => {
		const ids = [await create({ name: "a" }), await create({ name: "b" })];
		const snapshot = await view();
		expect(snapshot).toMatchObject({ sub: 1, total: 2, listed: 2 });
		expect(snapshot.rows.map((row) => row.stream_id)).toEqual(ids);
		await patch(ids[1]!, "pause");
		const { subs } = await page.next("changes", ({ subs }) => subs[0]!.rows.some(({ status }) => status === "pause"));
		expect(subs[0]).toMatchObject({ sub: 1, left: [], gone: [], appeared: 0 });
		expect(subs[0]!.rows).toContainEqual(expect.objectContaining({ stream_id: ids[1], status: "pause" }));
	});

	test("misses nothing that changes while its snapshot is read", async () => {
		const ids = await Promise.all(Array.from({ length: 40 }, () => create()));
		const writing = Promise.all(ids.map((id) => patch(id, "pause")));
		const snapshot = await view();
		await writing;
		await eventually(() => {
			const { rows } = told(page);
			return snapshot.rows.every((row) => (rows.get(row.stream_id) ?? row).status === "pause");
		});
	});

	test("is told that a stream does not match any more, that it is gone, and how many came to match", async () => {
		const [first, second] = [await create(), await create()];
		await view({ statuses: ["pending"] });
		await patch(first!, "pause");
		await eventually(() => told(page).left.has(first!));
		await service.api.expect(204, "DELETE", `/1/streams/${second}`);
		await eventually(() => told(page).gone.has(second!));
		await create();
		const third = await create();
		await eventually(() => told(page).appeared === 2);
		await patch(third, "cancel");
		await eventually(() => told(page).appeared === 1);
	});

	test("hears of streams whose groups change, and that groups did", async () => {
		const id = await create();
		await view();
		const group = { account_id: ACCOUNT, group_name: "hall" };
		const { group_id } = await service.api.expect<{ group_id: string }>(201, "POST", "/1/groups", group);
		await page.next("groups");
		await service.api.expect(204, "POST", "/1/linker", { action: "attach", stream_ids: [id], group_id });
		await eventually(() => told(page).rows.get(id)?.groups.includes("hall") === true);
	});

	test("reads any rows of its view, null for those that are gone", async () => {
		const ids = [await create(), await create(), await create()];
		await view();
		await service.api.expect(204, "DELETE", `/1/streams/${ids[1]}`);
		page.say({ op: "rows", sub: 1, from: 1, count: 500 });
		const { from, rows } = await page.next("rows");
		expect(from).toBe(1);
		expect(rows.map((row) => row?.stream_id ?? null)).toEqual([null, ids[2]]);
	});

	test("looks for parts of names, references, descriptions and ids, but not for passwords", async () => {
		const reference = "rtsp://admin:h4lf-moon@Gate.test/a?pwd=tide";
		const id = await create({ name: "Nordtor Ä1", description: "at 100%_", data: { type: "tcp", reference } });
		await create({ name: "other" });
		const found = async (filter: ConsoleFilter) => (await view(filter)).rows.map((row) => row.stream_id);
		for (const filter of [
			{ names: ["nordTOR ä"] },
			{ references: ["gate.test/A"] },
			{ words: ["100%_", "nord"] },
			{ words: [id.slice(0, 8)] },
			{ stream_ids: [id] },
		])
			expect(await found(filter), JSON.stringify(filter)).toEqual([id]);
		for (const filter of [
			{ references: ["h4lf"] },
			{ references: ["admin"] },
			{ words: ["tide"] },
			{ words: ["moon"] },
			{ names: ["nord_"] },
			{ account_ids: [OTHER_ACCOUNT] },
			{ groups: ["unknown"] },
		])
			expect(await found(filter), JSON.stringify(filter)).toEqual([]);
	});

	test("puts problems first", async () => {
		const names = ["calm", "failed", "held back"];
		const [, failed, held] = [
			await create({ name: names[0] }),
			await create({ name: names[1] }),
			await create({ name: names[2] }),
		];
		await service.sql`UPDATE stream_states SET status = 'failure' WHERE stream_id = ${failed!}`;
		await service.sql`UPDATE stream_states SET takeable_time = now() + interval '1 hour' WHERE stream_id = ${held!}`;
		page.say({ op: "streams", sub: 1, filter: {}, order: "problems" });
		expect((await page.next("snapshot")).rows.map(({ name }) => name)).toEqual(["failed", "held back", "calm"]);
	});

	test("sees one stream whole without its secrets, again after each change, and null when it is gone", async () => {
		const reference = "rtsp://admin:h4lf-moon@camera.test/a";
		const id = await create({ data: { type: "tcp", reference } });
		page.say({ op: "stream", sub: 3, stream_id: id });
		const { detail } = await page.next("stream");
		expect(detail).toMatchObject({ row: { stream_id: id, status: "pending" }, stream: { stream_id: id } });
		expect(JSON.stringify(detail)).not.toContain("h4lf");
		await patch(id, "pause");
		await page.next("stream", ({ detail }) => detail?.row.status === "pause");
		await service.api.expect(204, "DELETE", `/1/streams/${id}`);
		await page.next("stream", ({ detail }) => detail === null);
	});

	test("is told what moves on the rows that it looks at, and of nothing else", async () => {
		const id = await create();
		await view();
		const [taken] = await service.api.take(1);
		page.say({ op: "watch", sub: 1, stream_ids: [id] });
		await page.next("telemetry");
		const video_info = { progress: 0.5, width: 640 };
		await service.api.feedback([{ stream_id: id, version: taken!.version, status: "in_progress", video_info }]);
		await page.next("telemetry", ({ rows }) => rows[0]?.progress === 0.5 && rows[0].width === 640);
	});

	test("counts per status, with the last minutes", async () => {
		await create();
		page.say({ op: "counts", sub: 5 });
		await page.next("counts", ({ counts }) => counts.pending === 1);
		await create({ status: "pause" });
		const { counts } = await page.next("counts", ({ counts }) => counts.pause === 1);
		expect(counts).toEqual({ pending: 1, in_progress: 0, done: 0, pause: 1, cancel: 0, failure: 0 });
		await page.next("counts", ({ history }) => history.pause.at(-1) === 1);
	});

	test("follows the log from the newest record that it has", async () => {
		const id = await create({ name: "first" });
		page.say({ op: "logs", sub: 6, filter: {}, since: 0 });
		const { records } = await page.next("logs");
		expect(records).toMatchObject([{ stream_id: id, name: "first", status: "pending", version: 1, error: null }]);
		const other = await open();
		other.say({ op: "logs", sub: 6, filter: { statuses: ["pause"] }, since: records.at(-1)!.record_number });
		expect(await other.next("logs")).toMatchObject({ records: [], skipped: false });
		await patch(id, "pause");
		expect((await page.next("logs")).records).toMatchObject([{ stream_id: id, status: "pause" }]);
		expect((await other.next("logs")).records).toMatchObject([{ stream_id: id, status: "pause" }]);
	});

	test("has no subscription to a log that could not be read", async () => {
		await service.sql`ALTER TABLE stream_logs RENAME TO stream_logs_away`;
		try {
			for (let sub = 1; sub <= 16; sub++) {
				page.say({ op: "logs", sub, filter: {}, since: 0 });
				expect(await page.next("error")).toMatchObject({ sub, error_code: 1 });
			}
		} finally {
			await service.sql`ALTER TABLE stream_logs_away RENAME TO stream_logs`;
		}
		// Sixteen would be as many as there may be.
		page.say({ op: "logs", sub: 17, filter: {}, since: 0 });
		await page.next("logs");
	});

	test("sees the queue, who takes from it, and the nodes", async () => {
		const ids = [await create(), await create()];
		page.say({ op: "queue", sub: 7 });
		const queue = await page.next("queue", ({ pending }) => pending === 2);
		expect(queue.first.map((row) => row.stream_id)).toEqual(ids);
		const agent = service.client({ agentId: "agent-7" });
		const [taken] = await agent.take(1);
		const after = await page.next("queue", ({ taken_per_minute }) => taken_per_minute > 0);
		expect(after).toMatchObject({
			pending: 1,
			held_back: 0,
			waiters: 0,
			agents: [{ agent_id: "agent-7", streams: 1 }],
		});
		const feedbackTime = (agents: readonly { newest_feedback_time: number | null }[]) =>
			agents[0]?.newest_feedback_time ?? 0;
		const beginning = { stream_id: taken?.stream_id, version: 1, status: "in_progress" };
		await agent.feedback([beginning]);
		const first = await page.next("queue", ({ agents }) => feedbackTime(agents) > feedbackTime(after.agents));
		// Plain feedback is no event: what it moves is read again after a while all the same.
		await agent.feedback([beginning]);
		await page.next("queue", ({ agents }) => feedbackTime(agents) > feedbackTime(first.agents));
		page.say({ op: "nodes", sub: 8 });
		const { nodes, redis } = await page.next("nodes", ({ nodes }) => nodes[0]?.console_sockets === 1);
		expect(nodes).toMatchObject([{ self: true, started_at: expect.any(Number), shards: 256 }]);
		expect(redis).toBe("off");
	});

	test("follows a bulk action to its end", async () => {
		await create();
		const { set_id } = await service.api.expect<{ set_id: string }>(201, "POST", "/console/sets", { filter: {} });
		const path = `/console/sets/${set_id}/actions`;
		const { action_id } = await service.api.expect<{ action_id: string }>(202, "POST", path, { action: "pause" });
		page.say({ op: "action", sub: 9, action_id });
		const { progress } = await page.next("action", ({ progress }) => progress?.finished === true);
		expect(progress).toMatchObject({ action_id, total: 1, done: 1, outcomes: { applied: 1 } });
		page.say({ op: "action", sub: 9, action_id: UNKNOWN });
		expect(await page.next("action")).toMatchObject({ progress: null });
	});
});

describe("a page that comes back", () => {
	test("is told the changes that it missed", async () => {
		const ids = [await create(), await create(), await create()];
		const { view_id, position } = await view();
		page.close();
		await eventually(() => page.closed !== null);
		await patch(ids[0]!, "pause");
		await service.api.expect(204, "DELETE", `/1/streams/${ids[2]}`);
		const again = await open();
		again.say({ op: "streams", sub: 1, filter: {}, order: "oldest", since: { ...position, view_id } });
		await eventually(() => told(again).rows.get(ids[0]!)?.status === "pause" && told(again).gone.has(ids[2]!));
		expect(again.of("snapshot")).toEqual([]);
	});

	test("is told how many came to match meanwhile", async () => {
		await create();
		const { view_id, position } = await view();
		page.close();
		await eventually(async () => (await service.api.metric("perigee_console_sockets")) === 0);
		await create();
		const again = await open();
		again.say({ op: "streams", sub: 1, filter: {}, order: "oldest", since: { ...position, view_id } });
		await eventually(() => told(again).appeared === 1);
		expect(again.of("snapshot")).toEqual([]);
	});

	test("gets a snapshot when the boot, the view or the question is another", async () => {
		await create();
		const { view_id, position } = await view();
		const since = { ...position, view_id };
		const asked: [ConsoleFilter, typeof since][] = [
			[{}, { ...since, boot_id: "another" }],
			[{}, { ...since, view_id: UNKNOWN }],
			[{}, { ...since, number: since.number + 1_000_000 }],
			[{ statuses: ["pending"] }, since],
		];
		for (const [filter, other] of asked) {
			page.say({ op: "streams", sub: 1, filter, order: "oldest", since: other });
			expect(await page.next("snapshot")).toMatchObject({ total: 1 });
		}
	});
});

test("a page that asks again and again has one view, of what it asked last", async () => {
	const id = await create();
	await view();
	const before = await service.api.metric("perigee_console_view_bytes");
	for (let at = 0; at < 10; at++) {
		const stream_ids = [id, ...Array.from({ length: 1_000 - 1 }, () => randomUUID())];
		page.say({ op: "streams", sub: 1, filter: { stream_ids: stream_ids.slice(at === 9 ? 0 : 1) }, order: "oldest" });
	}
	await page.next("snapshot", ({ total }) => total === 1);
	// Some 200 KB each.
	expect((await service.api.metric("perigee_console_view_bytes")) - before).toBeLessThan(500_000);
	expect(page.of("error")).toEqual([]);
	page.say({ op: "end", sub: 1 });
	await eventually(async () => (await service.api.metric("perigee_console_view_bytes")) < before);
});

describe("a bad message", () => {
	test.each([
		["no JSON", "{", 12027],
		["an unknown op", '{"op":"fly"}', 12022],
		["a member too many", '{"op":"counts","sub":1,"x":1}', 12022],
		["an id that is none", '{"op":"stream","sub":1,"stream_id":"x"}', 12022],
		["too many rows", '{"op":"rows","sub":1,"from":0,"count":501}', 12022],
	])("%s is an error of the catalogue, and the socket goes on", async (_, text, error_code) => {
		page.socket.send(text);
		expect(await page.next("error")).toMatchObject({ error_code });
		page.say({ op: "counts", sub: 1 });
		await page.next("counts");
	});

	test("one that is too large ends the socket with a code", async () => {
		page.socket.send(JSON.stringify({ op: "watch", sub: 1, stream_ids: Array.from({ length: 2_000 }, () => UNKNOWN) }));
		expect(await page.ended()).toEqual({ code: 4003, reason: "abuse" });
	});

	test("too many in a moment end it as well", async () => {
		for (let at = 0; at < 1_000; at++) page.say({ op: "end", sub: at });
		expect(await page.ended()).toEqual({ code: 4003, reason: "abuse" });
	});

	test("bytes that are no text end it, and the service goes on", async () => {
		page.socket.send(Buffer.from([1, 2, 3]), { binary: true });
		expect((await page.ended()).code).toBe(1003);
		await open();
	});

	test("a seventeenth subscription is refused, and one that is replaced is none", async () => {
		for (let sub = 1; sub <= 17; sub++) page.say({ op: "counts", sub });
		expect(await page.next("error")).toMatchObject({ sub: 17, error_code: 39905 });
		page.say({ op: "counts", sub: 16 });
		page.say({ op: "end", sub: 1 });
		page.say({ op: "counts", sub: 17 });
		await page.next("counts", ({ sub }) => sub === 17);
		expect(page.of("error")).toHaveLength(1);
	});
});

describe("who may open a socket", () => {
	async function refusal(headers: Record<string, string>, url = service.url) {
		const refused = new PageSocket(url, { headers });
		pages.push(refused);
		return eventually(() => refused.refused ?? false);
	}

	test("pages of the service itself, and programs that are no browsers", async () => {
		const own = await PageSocket.open(service.url, { headers: { Origin: service.url } });
		pages.push(own);
		expect(own.said[0]?.type).toBe("hello");
	});

	test("no page of another origin, and nobody under a foreign name", async () => {
		for (const headers of [
			{ Origin: "https://elsewhere.test" },
			{ Origin: "null" },
			{ Host: "rebound.test", Origin: "http://rebound.test" },
		]) {
			const { status, body } = await refusal(headers);
			expect(status, JSON.stringify(headers)).toBe(403);
			expect(JSON.parse(body)).toMatchObject({ error_code: 39903 });
		}
	});
});
