import postgres from "postgres";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { StreamEngine } from "../../actors/stream-engine.ts";
import { Fault } from "../../persistence/fault.ts";
import { migrate } from "../../persistence/migrate.ts";
import { dataFolder, embedded } from "../support/embedded-folder.ts";
import { explainLogPath } from "../support/log-path.ts";
import { ownTime } from "../support/own-time.ts";
import { eventually } from "../support/signals.ts";
import { openSite, takeRequest, written } from "./engine-fixture.ts";

/** For what clients do in a while: how long that takes is the machine's business. */
const patient = { timeoutMs: 20_000 };

const unhandled: unknown[] = [];
const note = (reason: unknown): void => {
	unhandled.push(reason);
};
process.on("unhandledRejection", note);
afterAll(() => {
	process.off("unhandledRejection", note);
});

/** What one client was told of one stream of its own, and what it asked for last without being told. */
interface Told {
	stream_id: string;
	status: string;
	asked: string | null;
}

/** Creates, takes and ends streams until told to stop, and keeps what was acknowledged. */
async function client(engine: StreamEngine, told: Told[], refused: Fault[], over: () => boolean): Promise<void> {
	while (!over()) {
		try {
			const { stream_id } = await engine.create(written());
			const mine: Told = { stream_id, status: "pending", asked: "in_progress" };
			told.push(mine);
			const [taken] = await engine.take(takeRequest({ filters: { stream_ids: [stream_id] } }));
			mine.asked = null;
			if (!taken) continue;
			mine.status = "in_progress";
			await engine.feedback([{ stream_id, version: 1, status: "in_progress" }], null);
			await engine.feedback([{ stream_id, version: 1, status: "in_progress", video_info: "{}" }], null);
			mine.asked = "done";
			const { modified } = await engine.feedback([{ stream_id, version: 1, status: "done" }], null);
			if (modified.length === 1) mine.status = "done";
			mine.asked = null;
		} catch (error) {
			if (!(error instanceof Fault)) throw error;
			refused.push(error);
			// A client that hears 503 waits a moment.
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}
}

async function expectNothingLost(sql: postgres.Sql, told: readonly Told[]): Promise<void> {
	const rows = await sql<{ stream_id: string; status: string; log: string[] }[]>`
		SELECT t.stream_id, t.status, array_agg(l.status ORDER BY l.record_number) AS log
		FROM stream_states t JOIN stream_logs l USING (stream_id) GROUP BY t.stream_id`;
	const found = new Map(rows.map((row) => [row.stream_id, row]));
	for (const { stream_id, status, asked } of told) {
		const row = found.get(stream_id);
		expect(explainLogPath(row?.log ?? []), row?.log.join(" ")).toBeNull();
		// What was answered 503 or not at all may or may not stand.
		expect([status, asked], `${row?.log.join(" ")}`).toContain(row?.status);
	}
}

describe("when Postgres goes away under load", { timeout: 90_000 }, () => {
	test("and starts again: 39905 within 1 s, back within 5 s, nothing acknowledged is lost, everything drains", async () => {
		const folder = await dataFolder();
		const server = embedded(folder, { settings: { fsync: "off", synchronous_commit: "on" } });
		await server.start();
		const url = server.url;
		const setup = postgres(url, { max: 1, onnotice: () => undefined });
		await migrate(setup);
		await setup.end();
		const site = await openSite(url);
		onTestFinished(() => site.close());
		const node = await site.node({ alone: true });
		const { engine } = node;

		const told: Told[] = [];
		const refused: Fault[] = [];
		let over = false;
		const clients = Array.from({ length: 12 }, () => client(engine, told, refused, () => over));
		const waiter = engine.take(takeRequest({ wait: 60, filters: { names: ["after the restart"] } }));
		await eventually(() => told.length > 300, patient);
		await server.stop();
		await eventually(() => refused.length > 0);
		expect(refused.every(({ code }) => code === 39905)).toBe(true);
		const begin = ownTime();
		await expect(engine.create(written())).rejects.toMatchObject({ code: 39905 });
		await expect(engine.checkHealth()).rejects.toMatchObject({ code: 39905 });
		await expect(engine.feedback([], null)).rejects.toMatchObject({ code: 39905 });
		expect(ownTime() - begin).toBeLessThan(1_000);

		const again = embedded(folder, { settings: { fsync: "off", synchronous_commit: "on" } });
		await again.start();
		expect(again.url).toBe(url);
		const returned = ownTime();
		await eventually(async () => {
			await engine.checkHealth();
			return true;
		});
		expect(ownTime() - returned).toBeLessThan(5_000);
		const before = told.length;
		await eventually(() => told.length > before + 100, patient);
		const { stream_id } = await engine.create(written({ name: "after the restart" }));
		expect(
			(await waiter).map((row) => row.stream_id),
			"who waited for a stream still waits",
		).toEqual([stream_id]);
		over = true;
		await Promise.all(clients);
		await expectNothingLost(site.sql, told);
		expect(told.filter(({ status }) => status === "done").length).toBeGreaterThan(100);
		expect(unhandled).toEqual([]);
		expect(engine.queue.waiting).toBe(0);
		await node.stop();
		expect(engine.registry.size).toBe(0);
		expect(unhandled).toEqual([]);
	});

	test("by cut connections, again and again: nothing acknowledged is lost, and nothing is told twice", async () => {
		const site = await openSite();
		onTestFinished(() => site.close());
		const node = await site.node({ alone: true });
		const { engine } = node;
		const told: Told[] = [];
		const refused: Fault[] = [];
		let over = false;
		const clients = Array.from({ length: 12 }, () => client(engine, told, refused, () => over));
		for (let cut = 0; cut < 4; cut++) {
			const before = told.length;
			await eventually(() => told.length > before + 50, patient);
			await site.sql`
				SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND application_name LIKE 'perigee %'`;
			await eventually(() => node.database.available && told.length > before + 60, patient);
		}
		over = true;
		await Promise.all(clients);
		await expectNothingLost(site.sql, told);
		expect(unhandled).toEqual([]);
	});

	test("telemetry that was told before is written when it is back", async () => {
		const site = await openSite();
		onTestFinished(() => site.close());
		const node = await site.node({ alone: true, feedback: { flushInterval: 0.4, durability: "interval" } });
		const { engine } = node;
		const { stream_id } = await engine.create(written());
		await engine.take(takeRequest());
		await engine.feedback([{ stream_id, version: 1, status: "in_progress" }], null);
		await engine.feedback([{ stream_id, version: 1, status: "in_progress", video_info: '{"width":7}' }], null);
		const statement = node.database.run("lists", (sql) => sql`SELECT pg_sleep(3)`);
		statement.catch(() => undefined);
		await eventually(async () => {
			const ended = await site.sql`
				SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event = 'PgSleep'`;
			return ended.length > 0;
		});
		await expect(statement).rejects.toMatchObject({ code: 39905 });
		await eventually(async () => {
			const [row] = await site.sql`SELECT video_info FROM stream_states`;
			expect(row?.["video_info"]).toEqual({ width: 7 });
		});
	});
});
