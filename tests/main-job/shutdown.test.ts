import { once } from "node:events";
import { connect } from "node:net";
import postgres from "postgres";
import { describe, type TestContext, test } from "vitest";
import { head } from "../server/raw-client.ts";
import { freshDatabase } from "../support/database.ts";
import { deferred, eventually } from "../support/signals.ts";
import { ServiceProcess } from "./service-process.ts";
import { streamBody } from "./stream-bodies.ts";

interface Site {
	service: ServiceProcess;
	/** The address of its database. */
	url: string;
	sql: postgres.Sql;
}

/** A service in a process of its own, and a look into its database. */
async function site({ onTestFinished }: TestContext, env: Record<string, string> = {}): Promise<Site> {
	const { url, drop } = await freshDatabase();
	const sql = postgres(url, { max: 2, onnotice: () => undefined });
	const service = new ServiceProcess({ DATABASE_URL: url, ...env });
	onTestFinished(async () => {
		await service.end();
		await sql.end();
		await drop();
	});
	await service.ready();
	return { service, url, sql };
}

/** Asks it to end, and answers with its exit status and the seconds that it took. */
async function terminate(service: ServiceProcess): Promise<{ status: number | string; seconds: number }> {
	const began = performance.now();
	process.kill(service.pid, "SIGTERM");
	const status = await service.ended;
	return { status, seconds: (performance.now() - began) / 1000 };
}

/** A request that the service has begun to read and whose body never comes to its end. */
async function unfinished({ onTestFinished }: TestContext, service: ServiceProcess): Promise<void> {
	const socket = connect(service.port, "127.0.0.1");
	onTestFinished(() => void socket.destroy());
	socket.on("error", () => undefined);
	// Answered once, the connection is known to the service ...
	socket.write(head("GET /version"));
	await once(socket, "data");
	socket.write(`${head("POST /1/streams", { "Content-Type": "application/json", "Content-Length": "100" })}{`);
	// ... and what it was sent is read before what comes later over another one.
	const api = service.client();
	for (let trip = 0; trip < 3; trip++) await api.ask("GET", "/version");
}

/** A start that must not succeed: its exit status and what it wrote to standard error. */
async function refused(
	{ onTestFinished }: TestContext,
	env: Record<string, string>,
): Promise<{ status: number | string; stderr: string }> {
	const service = new ServiceProcess(env);
	onTestFinished(() => service.end());
	return { status: await service.ended, stderr: service.stderr };
}

describe.concurrent("a start that is refused says why in one line", () => {
	// The longest first: the second one waits ten seconds for the first one to go.
	test("a second instance on the same DATABASE_URL without Redis; the first one goes on", async (context) => {
		const { expect } = context;
		const { service, url } = await site(context);
		expect(await refused(context, { DATABASE_URL: url })).toEqual({
			status: 1,
			stderr: expect.stringMatching(/^perigee: Another Perigee without Redis runs on this database: .*\n$/),
		});
		expect((await service.client().ask("GET", "/healthcheck")).status).toBe(200);
	});

	test("a setting that is not good: status 2, and its name", async (context) => {
		const { expect } = context;
		expect(await refused(context, { PORT: "many" })).toEqual({
			status: 2,
			stderr: expect.stringMatching(/^perigee: environment: PORT .*\n$/),
		});
		const { status, stderr } = await refused(context, { LUNA_STREAMS_QUEUE__MAX_TEAK: "1" });
		expect({ status, stderr }).toEqual({
			status: 2,
			stderr: "perigee: environment: LUNA_STREAMS_QUEUE__MAX_TEAK is not a known setting\n",
		});
	});

	test("a port that is taken", async (context) => {
		const { expect } = context;
		const { service } = await site(context);
		const { url, drop } = await freshDatabase();
		context.onTestFinished(drop);
		expect(await refused(context, { DATABASE_URL: url, PORT: String(service.port) })).toEqual({
			status: 1,
			stderr: expect.stringMatching(new RegExp(`^perigee: cannot listen on 127.0.0.1 port ${service.port}: .*\\n$`)),
		});
	});

	test("a database that is not there", async (context) => {
		const { expect } = context;
		const { status, stderr } = await refused(context, { DATABASE_URL: "postgres://luna:hidden@127.0.0.1:1/none" });
		expect(status).toBe(1);
		expect(stderr).toMatch(/^perigee: .*\n$/);
		expect(stderr).not.toContain("hidden");
	});
});

describe.concurrent("SIGTERM", () => {
	test("waiting takers are answered at once, and the exit status is 0", async (context) => {
		const { expect } = context;
		const { service } = await site(context);
		const waiters = service.client({ connections: 8 });
		const waiting = Array.from({ length: 8 }, () => waiters.take(10, {}, 60));
		const api = service.client();
		await eventually(async () => expect(await api.metric("perigee_queue_waiters")).toBe(8));
		const ending = terminate(service);
		const began = performance.now();
		expect(await Promise.all(waiting)).toEqual(Array(8).fill([]));
		expect(performance.now() - began).toBeLessThan(1_000);
		const { status, seconds } = await ending;
		expect(status).toBe(0);
		expect(seconds).toBeLessThan(10);
		expect(service.stderr).toBe("");
	});

	test("requests under way are finished, and what they did stands", async (context) => {
		const { expect } = context;
		const { service, sql } = await site(context);
		const api = service.client();
		const id = await api.create(streamBody());
		const [held, release] = [deferred(), deferred()];
		const holding = sql.begin(async (mine) => {
			await mine`SELECT FROM stream_states WHERE stream_id = ${id} FOR UPDATE`;
			held.resolve();
			await release.promise;
		});
		await held.promise;
		const patch = api.ask("PATCH", `/1/streams/${id}`, { status: "pause" });
		await eventually(async () => {
			const [row] = await sql<{ waiting: number }[]>`
				SELECT count(*)::int AS waiting FROM pg_stat_activity
				WHERE wait_event_type = 'Lock' AND datname = current_database()`;
			expect(row?.waiting).toBeGreaterThan(0);
		});
		const ending = terminate(service);
		await service.said("stopping");
		release.resolve();
		await holding;
		expect((await patch).status).toBe(204);
		expect((await ending).status).toBe(0);
		const [row] = await sql`SELECT status FROM stream_states WHERE stream_id = ${id}`;
		expect(row).toEqual({ status: "pause" });
	});

	test("telemetry that was answered and not yet written is in the row", async (context) => {
		const { expect } = context;
		const { service, sql } = await site(context, { LUNA_STREAMS_FEEDBACK__TELEMETRY_FLUSH_INTERVAL: "60" });
		const api = service.client();
		const id = await api.create(streamBody());
		await api.take(1);
		const report = (width: number) =>
			api.feedback([{ stream_id: id, version: 1, status: "in_progress", video_info: { width } }]);
		// The first one of a run is committed; those after it are telemetry.
		for (const width of [1, 2, 3]) expect((await report(width)).modified.length).toBe(1);
		const stored = async () => {
			const [row] = await sql<{ width: number }[]>`
				SELECT (video_info->>'width')::int AS width FROM stream_states WHERE stream_id = ${id}`;
			return row?.width;
		};
		expect(await stored()).toBe(1);
		expect((await terminate(service)).status).toBe(0);
		expect(await stored()).toBe(3);
	});

	test("a client that never ends its request keeps neither the exit from being in time nor telemetry from being written", async (context) => {
		const { expect } = context;
		const { service, sql } = await site(context, { LUNA_STREAMS_FEEDBACK__TELEMETRY_FLUSH_INTERVAL: "60" });
		const api = service.client();
		const id = await api.create(streamBody());
		await api.take(1);
		for (const width of [1, 2])
			await api.feedback([{ stream_id: id, version: 1, status: "in_progress", video_info: { width } }]);
		await unfinished(context, service);
		const { status, seconds } = await terminate(service);
		expect({ status, inTime: seconds < 10 }).toEqual({ status: 0, inTime: true });
		const [row] = await sql`SELECT video_info->>'width' AS width FROM stream_states WHERE stream_id = ${id}`;
		expect(row).toEqual({ width: "2" });
	});

	test("a second one ends it at once, with status 1", async (context) => {
		const { expect } = context;
		const { service } = await site(context);
		await unfinished(context, service);
		process.kill(service.pid, "SIGTERM");
		await service.said("stopping");
		const { status, seconds } = await terminate(service);
		expect(status).toBe(1);
		expect(seconds).toBeLessThan(1);
	});
});
