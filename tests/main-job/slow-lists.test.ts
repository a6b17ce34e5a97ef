import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deferred } from "../support/signals.ts";
import { type RunningService, startService } from "./service-fixture.ts";
import { streamBody } from "./stream-bodies.ts";

let service: RunningService;
let ids: string[];

beforeAll(async () => {
	service = await startService();
	ids = await Promise.all(Array.from({ length: 20 }, () => service.api.create(streamBody())));
	await service.api.take(20);
});
afterAll(() => service?.stop());

/** The list of tokens cannot be read while the work is done; nothing else needs that table here. */
async function withoutTokens(work: () => Promise<void>): Promise<void> {
	const [locked, released] = [deferred(), deferred()];
	const holding = service.sql.begin(async (sql) => {
		await sql`LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE`;
		locked.resolve();
		await released.promise;
	});
	await locked.promise;
	try {
		await work();
	} finally {
		released.resolve();
		await holding;
	}
}

/** More than may wait for a connection of the lists' own: 1,000. */
const CROWD = 1_400;

/** What each of many requests was answered, and after how many milliseconds. */
interface Timed {
	status: number;
	code: number;
	after: string | undefined;
	ms: number;
}

async function timed(client: RunningService["api"], method: string, path: string, body?: unknown): Promise<Timed> {
	const began = performance.now();
	const answer = await client.ask<{ error_code?: number }>(method, path, body);
	const { status, headers } = answer;
	return {
		status,
		code: answer.body?.error_code ?? 0,
		after: headers["retry-after"],
		ms: performance.now() - began,
	};
}

const quantile = (all: readonly Timed[], share: number) => {
	const sorted = all.map(({ ms }) => ms).sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

describe("when no list comes to its end", () => {
	test("feedback goes on, plain and durable, and who asks for a list is told 503 early instead of waiting without end", async () => {
		const agent = service.client({ connections: 4 });
		const crowd = service.client({ connections: CROWD });
		// Opening so many connections takes its time; what is measured is how long they wait for their answers.
		await Promise.all(Array.from({ length: CROWD }, () => crowd.ask("GET", "/version")));
		let lists: Timed[] = [];
		const feedback: Timed[] = [];
		let rounds = 0;
		await withoutTokens(async () => {
			let over = false;
			const asking = Promise.all(Array.from({ length: CROWD }, () => timed(crowd, "GET", "/console/tokens"))).then(
				(all) => {
					lists = all;
					over = true;
				},
			);
			while (!over) {
				// Another error than before is a change, and answered when it is committed.
				const error = { error_code: ++rounds, desc: "", detail: "" };
				const streams = ids.map((stream_id) => ({ stream_id, version: 1, status: "in_progress" }));
				const changed = streams.map((item) => ({ ...item, error }));
				feedback.push(await timed(agent, "POST", "/1/streams/processing/feedback", { streams }));
				feedback.push(await timed(agent, "POST", "/1/streams/processing/feedback", { streams: changed }));
				feedback.push(await timed(agent, "GET", `/1/streams/${ids[0]}`));
			}
			await asking;
		});
		expect(new Set(feedback.map(({ status }) => status))).toEqual(new Set([200]));
		expect(new Set(lists.map(({ status, code, after }) => `${status} ${code} ${after}`))).toEqual(
			new Set(["503 39905 1"]),
		);
		const [p50, p99] = [quantile(feedback, 0.5), quantile(feedback, 0.99)];
		console.log(
			`${CROWD} lists that cannot end: answered after ${Math.round(quantile(lists, 0))} to ${Math.round(quantile(lists, 1))} ms, ` +
				`the first 250 within ${Math.round(quantile(lists, 250 / CROWD))} ms; meanwhile ${feedback.length} requests of an agent, ` +
				`p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
		);
		// Those beyond the queue of the lane are told at once, those in it after two seconds, those before a statement at its end.
		expect(quantile(lists, 250 / CROWD)).toBeLessThan(quantile(lists, 1) / 2);
		expect(quantile(lists, 1)).toBeLessThan(10_000);
		expect(p50).toBeLessThan(100);
		expect(p99).toBeLessThan(3_000);
		expect((await service.api.ask("GET", "/console/tokens")).status).toBe(200);
	}, 60_000);
});

describe("a statement", () => {
	test("that lists is cut off at LIST_TIMEOUT, and nobody takes the database for away", async () => {
		const short = await startService({ LUNA_STREAMS_DB__DB_SETTINGS__LIST_TIMEOUT: "0.3" });
		try {
			await short.sql`INSERT INTO groups (group_id, account_id, group_name, description, create_time)
				SELECT gen_random_uuid(), gen_random_uuid(), 'group-' || n, '', now() FROM generate_series(1, 10) n`;
			// The slowest that a list can be: every row of it takes its time.
			await short.sql`ALTER TABLE groups RENAME TO stored_groups`;
			await short.sql`CREATE VIEW groups AS SELECT g.* FROM stored_groups g, LATERAL (SELECT pg_sleep(0.2), g.group_id) slow`;
			const began = performance.now();
			const answer = await timed(short.api, "GET", "/1/groups");
			expect(answer).toMatchObject({ status: 503, code: 39905 });
			expect(performance.now() - began).toBeLessThan(2_000);
			expect(await short.api.create(streamBody())).toMatch(/-/);
			expect(short.lines.filter(({ msg }) => msg === "the database is away")).toEqual([]);
		} finally {
			await short.stop();
		}
	});
});
