import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StreamEngine } from "../../actors/stream-engine.ts";
import { someoneWaits } from "../support/lock-wait.ts";
import { openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

let site: Site;
let engine: StreamEngine;

beforeAll(async () => {
	site = await openSite();
	({ engine } = await site.node({ alone: true }));
});
afterAll(() => site.close());

/** Streams in progress. */
async function running(count: number): Promise<string[]> {
	const made = await Promise.all(Array.from({ length: count }, () => engine.create(written())));
	const stream_ids = made.map(({ stream_id }) => stream_id);
	const taken = await engine.take(takeRequest({ filters: { stream_ids } }));
	expect(taken.length).toBe(count);
	return stream_ids;
}

const report = async (stream_id: string, status: string, desc = "") =>
	engine.feedback([{ stream_id, version: 1, status, error: { error_code: 1, desc, detail: "" } }], null);

async function statusOf(stream_id: string): Promise<string | undefined> {
	const [row] = await site.sql<{ status: string }[]>`SELECT status FROM stream_states WHERE stream_id = ${stream_id}`;
	return row?.status;
}

describe("the group commit", () => {
	test("64 requests that change a status at the same time cost far fewer commits than requests", async () => {
		const streams = await running(64 * 5);
		const before = { ...engine.pipeline.counts };
		await Promise.all(
			Array.from({ length: 64 }, async (_, client) => {
				for (let turn = 0; turn < 5; turn++) await report(streams[client * 5 + turn]!, "done");
			}),
		);
		const { commits, changes } = engine.pipeline.counts;
		expect(changes - before.changes).toBe(320);
		expect(commits - before.commits).toBeLessThan(60);
	});

	test("streams created at the same time are created together", async () => {
		const { created, createCommits } = engine;
		await Promise.all(Array.from({ length: 200 }, () => engine.create(written({ status: "pause" }))));
		expect(engine.created - created).toBe(200);
		expect(engine.createCommits - createCommits).toBeLessThan(10);
	});

	test("of a batch whose data is refused only the guilty change fails, and the rest is written", async () => {
		const streams = await running(40);
		// Postgres holds no U+0000 in text, and cannot make sense of half a surrogate pair.
		const guilty = new Map([
			[streams[7]!, "\u0000"],
			[streams[23]!, "\ud800"],
		]);
		const before = engine.pipeline.counts.commits;
		const answers = await Promise.allSettled(streams.map((id) => patchNamed(id, guilty.get(id) ?? "fine")));
		expect(engine.pipeline.counts.commits - before).toBeGreaterThan(2);
		for (const [index, stream_id] of streams.entries()) {
			const failed = guilty.has(stream_id);
			expect(answers[index]?.status, `stream ${index}`).toBe(failed ? "rejected" : "fulfilled");
			expect((await engine.get(stream_id, null)).description).toBe(failed ? "" : "fine");
		}
		// Whoever failed is as before, and can be spoken to.
		for (const stream_id of guilty.keys()) {
			expect(await statusOf(stream_id)).toBe("in_progress");
			await report(stream_id, "done");
			expect(await statusOf(stream_id)).toBe("done");
		}
	});

	test("of streams created together only the one whose data is refused fails", async () => {
		const answers = await Promise.allSettled(
			Array.from({ length: 20 }, (_, index) =>
				engine.create(written({ status: "pause", name: index === 11 ? "\u0000" : `stream ${index}` })),
			),
		);
		expect(answers.map(({ status }) => status === "fulfilled")).toEqual(
			Array.from({ length: 20 }, (_, index) => index !== 11),
		);
	});

	test("an answer never comes before its commit: what it says is in the row", async () => {
		const streams = await running(30);
		await Promise.all(
			streams.map(async (stream_id, index) => {
				const status = index % 2 === 0 ? "done" : "failure";
				const answer = await report(stream_id, status);
				expect(answer.modified).toEqual([{ stream_id, status, version: 1 }]);
				expect(await statusOf(stream_id)).toBe(status);
				await engine.patch(stream_id, { status: "pause" }, null);
				expect(await statusOf(stream_id)).toBe("pause");
			}),
		);
	});

	test("an answer waits for as long as something delays its commit", async () => {
		const [stream_id, other] = (await running(2)) as [string, string];
		let answered = false;
		let answer: Promise<unknown> = Promise.resolve();
		await site.sql.begin(async (transaction) => {
			await transaction`SELECT FROM stream_states WHERE stream_id = ${stream_id} FOR UPDATE`;
			answer = report(stream_id, "done").then(() => {
				answered = true;
			});
			// It is at the lock.
			await someoneWaits(site.sql);
			expect(answered).toBe(false);
			expect((await engine.get(stream_id, null)).status).toBe("in_progress");
			// Feedback that meets a change under way waits for that commit; other streams are not held up by reads.
			expect((await engine.get(other, null)).status).toBe("in_progress");
		});
		await answer;
		expect(await statusOf(stream_id)).toBe("done");
	});

	test("commands that follow a change under way are carried out in order, and answered when all of it is committed", async () => {
		const [stream_id] = (await running(1)) as [string];
		await engine.feedback([{ stream_id, version: 1, status: "in_progress" }], null);
		const answers: string[] = [];
		await Promise.all([
			report(stream_id, "failure").then(() => answers.push("failure")),
			engine.patch(stream_id, { status: "pending" }, null).then(() => answers.push("pending")),
			engine.patch(stream_id, { status: "pause" }, null).then(() => answers.push("pause")),
			report(stream_id, "done").then(({ unmodified }) => {
				expect(unmodified).toEqual([{ stream_id, status: "pause", version: 1 }]);
				answers.push("late");
			}),
		]);
		expect(answers.toSorted()).toEqual(["failure", "late", "pause", "pending"]);
		expect(await site.log(stream_id)).toEqual(["pending", "in_progress", "failure", "pending", "pause"]);
	});
});

const patchNamed = (stream_id: string, description: string) => engine.patch(stream_id, { description }, null);
