import { beforeAll, expect, test } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { type RunningService, startService } from "./service-fixture.ts";
import { streamBody } from "./stream-bodies.ts";

const CONNECTIONS = 64;
let service: RunningService;
beforeAll(async () => {
	service = await startService();
	return service.stop;
});

/** Streams in progress. */
async function taken(count: number): Promise<string[]> {
	const ids = await Promise.all(Array.from({ length: count }, () => service.api.create(streamBody())));
	const got = await service.api.take(1000, { stream_ids: ids });
	expect(got.length).toBe(count);
	return ids;
}

const REPORTS = [
	{ status: "done", shows: "done" },
	{ status: "failure", shows: "failure", error: { error_code: 7, desc: "broken", detail: "" } },
	{ status: "handler_lost", shows: "pending" },
	// A changed error and the first feedback of a run count as news as well.
	{ status: "in_progress", shows: "in_progress", error: { error_code: 8, desc: "limping", detail: "" } },
];

test("status-changing feedback can be read by another connection the moment that it is answered", async () => {
	const ids = await taken(CONNECTIONS * 4);
	const clients = Array.from({ length: CONNECTIONS }, () => service.client({ connections: 1 }));
	const post = async (api: ApiClient, mine: string[]): Promise<void> => {
		for (const [at, stream_id] of mine.entries()) {
			const { shows, ...report } = REPORTS[at % REPORTS.length]!;
			const { modified } = await api.feedback([{ stream_id, version: 1, ...report }]);
			// The service's connections are its own: this one sees what is committed and nothing else.
			const [row] = await service.sql<{ status: string; code: number | null; records: string }[]>`
				SELECT status, (last_error->>'error_code')::int AS code,
					(SELECT string_agg(l.status, ' ' ORDER BY record_number) FROM stream_logs l WHERE l.stream_id = s.stream_id) AS records
				FROM stream_states s WHERE stream_id = ${stream_id}`;
			expect(modified).toEqual([{ stream_id, status: shows, version: 1 }]);
			expect(row).toMatchObject({ status: shows, code: report.error?.error_code ?? null });
			const tail = shows === "pending" ? "handler_lost restart pending" : shows;
			expect(row?.records).toBe(`pending in_progress ${tail}`);
		}
	};
	await Promise.all(clients.map((api, at) => post(api, ids.slice(at * 4, at * 4 + 4))));
});

test("64 connections that post single items cost far fewer commits than requests", async () => {
	const each = 8;
	const ids = await taken(CONNECTIONS * each);
	const [commits, changes] = await Promise.all([
		service.api.metric("perigee_commits_total"),
		service.api.metric("perigee_changes_total"),
	]);
	const post = async (mine: string[]): Promise<void> => {
		const api = service.client({ connections: 1 });
		for (const stream_id of mine) {
			const { modified } = await api.feedback([{ stream_id, version: 1, status: "done" }]);
			expect(modified.length).toBe(1);
		}
	};
	await Promise.all(Array.from({ length: CONNECTIONS }, (_, at) => post(ids.slice(at * each, (at + 1) * each))));
	const newCommits = (await service.api.metric("perigee_commits_total")) - commits;
	expect((await service.api.metric("perigee_changes_total")) - changes).toBe(ids.length);
	console.log(`${ids.length} requests, ${newCommits} commits`);
	expect(newCommits).toBeGreaterThan(0);
	expect(newCommits).toBeLessThan(ids.length / 4);
});
