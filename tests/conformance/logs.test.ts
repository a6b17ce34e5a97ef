import { describe, expect, test } from "vitest";
import type { LogRecord } from "./shapes.ts";
import { openTarget, TIME, UNKNOWN } from "./target.ts";

const target = await openTarget();
const { api } = target;

/** A stream with a history: pending, in_progress, failure, pending, in_progress, done. */
async function history(members: Record<string, unknown> = {}): Promise<string> {
	const id = await target.create(members);
	await target.takeOne(id);
	await target.report(id, "failure", { error: { error_code: 1, desc: "d", detail: "e" }, video_info: { width: 1 } });
	await target.patch(id, { status: "pending" });
	await target.takeOne(id);
	await target.report(id, "done");
	return id;
}
const statuses = ["pending", "in_progress", "failure", "pending", "in_progress", "done"];
const statusesOf = (records: LogRecord[]) => records.map(({ status }) => status);

describe("records", () => {
	test("come newest first, with all their members", async () => {
		const id = await history();
		const records = await target.records(`stream_ids=${id}`);
		expect(statusesOf(records)).toEqual([...statuses].reverse());
		for (const record of records) {
			expect(Object.keys(record).sort()).toEqual(
				["error", "log_time", "preview", "status", "stream_id", "version", "video_info"].sort(),
			);
			expect(record).toMatchObject({ stream_id: id, version: 1, log_time: expect.stringMatching(TIME) });
		}
		const times = records.map(({ log_time }) => log_time);
		expect(times).toEqual([...times].sort().reverse());
		expect(records[3]).toMatchObject({ error: { error_code: 1, desc: "d", detail: "e" }, video_info: { width: 1 } });
	});
	test("of one change keep their order", async () => {
		const id = await target.create();
		for (let time = 0; time < 3; time++) {
			await target.takeOne(id);
			await target.report(id, "handler_lost");
		}
		const lost = ["in_progress", "handler_lost", "restart", "pending"];
		expect(await target.log(id)).toEqual(["pending", ...lost, ...lost, ...lost]);
	});
	test("have the members that targets picks", async () => {
		const id = await history();
		const all = ["stream_id", "log_time", "error", "status", "video_info", "version", "preview"];
		for (const targets of [
			...all.map((each) => [each]),
			["status", "log_time"],
			["preview", "version", "error"],
			all,
		]) {
			const [record] = await target.records(`stream_ids=${id}&targets=${targets}`);
			expect(Object.keys(record ?? {}).sort(), String(targets)).toEqual([...targets].sort());
		}
		expect(
			Object.keys((await target.records(`stream_ids=${id}&targets=status&targets=version,status`))[0] ?? {}).sort(),
		).toEqual(["status", "version"]);
	});
	test("come in pages, each once", async () => {
		const id = await history();
		const pages: string[][] = [];
		for (let page = 1; page <= 3; page++) {
			const answer = await api.get<{ logs: LogRecord[] }>(`/1/streams/logs?stream_ids=${id}&page_size=4&page=${page}`);
			pages.push(statusesOf(answer.body.logs));
		}
		expect(pages.map(({ length }) => length)).toEqual([4, 2, 0]);
		expect(pages.flat()).toEqual([...statuses].reverse());
		for (const scope of [
			`stream_ids=${id}`,
			`account_id=${target.account}`,
			`account_id=${target.account}&statuses=done`,
		])
			expect(await target.records(`${scope}&page=2147483647`), scope).toEqual([]);
		const name = target.name();
		const ids = await Promise.all(Array.from({ length: 11 }, () => target.create({ name })));
		const first = await api.get<{ logs: LogRecord[] }>(`/1/streams/logs?stream_ids=${ids}`);
		expect(first.body.logs).toHaveLength(10);
	});
});

describe("filters", () => {
	test("work alone and combine with AND", async () => {
		const account_id = crypto.randomUUID();
		const [a, b] = [await history({ account_id }), await history({ account_id })];
		const records = await target.records(`account_id=${account_id}`);
		expect(records).toHaveLength(12);
		const middle = records[5]!.log_time;
		const cases: [query: string, matches: (record: LogRecord) => boolean][] = [
			["", () => true],
			[`stream_ids=${a},${UNKNOWN}`, ({ stream_id }) => stream_id === a],
			[`stream_ids=${a},${b}`, () => true],
			["statuses=failure,done", ({ status }) => ["failure", "done"].includes(status)],
			["statuses=pending,failure", ({ status }) => ["pending", "failure"].includes(status)],
			["statuses=deleted", () => false],
			["statuses=not_found", () => false],
			[`log_time__gte=${middle}`, ({ log_time }) => log_time >= middle],
			[`log_time__lt=${middle}`, ({ log_time }) => log_time < middle],
			[`stream_ids=${b}&statuses=done`, ({ stream_id, status }) => stream_id === b && status === "done"],
			[`stream_ids=${b}&log_time__lt=${middle}`, ({ stream_id, log_time }) => stream_id === b && log_time < middle],
			[
				`statuses=in_progress&log_time__gte=${middle}`,
				({ status, log_time }) => status === "in_progress" && log_time >= middle,
			],
		];
		for (const [query, matches] of cases)
			expect(await target.records(`account_id=${account_id}&${query}`), query).toEqual(records.filter(matches));
		expect(await target.records(`account_id=${crypto.randomUUID()}&stream_ids=${a}`)).toEqual([]);
	});
	test("keep a deleted stream's account", async () => {
		const account_id = crypto.randomUUID();
		const id = await target.create({ account_id });
		await api.delete(`/1/streams/${id}`);
		expect(statusesOf(await target.records(`account_id=${account_id}`))).toEqual(["deleted", "pending"]);
		expect(statusesOf(await target.records(`account_id=${account_id}&statuses=deleted`))).toEqual(["deleted"]);
	});
});

/** Removes records of others too, so it is done where the suite has the service for itself. */
describe.runIf(process.env["CONFORMANCE_URL"] === undefined)("DELETE", () => {
	test("removes what is older, but never an existing stream's newest record", async () => {
		const [id, gone] = [await history(), await history()];
		await api.delete(`/1/streams/${gone}`);
		const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
		const answer = await api.delete<{ deleted_count: number }>(`/1/streams/logs?log_time__lt=${tomorrow}`);
		expect([answer.status, Object.keys(answer.body)]).toEqual([200, ["deleted_count"]]);
		expect(answer.body.deleted_count).toBeGreaterThanOrEqual(5 + 7);
		expect(await target.log(id)).toEqual(["done"]);
		expect(await target.log(gone)).toEqual([]);
		const again = await api.delete(`/1/streams/logs?log_time__lt=${tomorrow}`);
		expect(again.body).toEqual({ deleted_count: 0 });
		expect(await target.stream(id)).toMatchObject({ status: "done" });
	});
	test("removes nothing that is as old as its bound or younger", async () => {
		const id = await history();
		const records = await target.records(`stream_ids=${id}`);
		const bound = records[2]!.log_time;
		await api.delete(`/1/streams/logs?log_time__lt=${bound}`);
		expect(await target.records(`stream_ids=${id}`)).toEqual(records.filter(({ log_time }) => log_time >= bound));
	});
});

test("DELETE with a bound before everything deletes nothing", async () => {
	const id = await history();
	const answer = await api.delete("/1/streams/logs?log_time__lt=1970-01-01T00:00:00Z");
	expect(answer.body).toEqual({ deleted_count: 0 });
	expect(await target.log(id)).toEqual(statuses);
});
