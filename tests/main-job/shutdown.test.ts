import { once } from "node:events";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { head } from "../server/raw-client.ts";
import { openSocket } from "../support/bare-socket.ts";
import { freshDatabase } from "../support/database.ts";
import { someoneWaits } from "../support/lock-wait.ts";
import { deferred, eventually } from "../support/signals.ts";
import { ServiceProcess } from "./service-process.ts";
import { streamBody } from "./stream-bodies.ts";

/** What is left to do after the tests, whatever became of them. */
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
	for (const end of ends.reverse()) await end();
});

interface Site {
	service: ServiceProcess;
	/** The address of its database. */
	url: string;
	sql: postgres.Sql;
}

/** A service in a process of its own, and a look into its database. */
async function startSite(env: Record<string, string> = {}): Promise<Site> {
	const { url, drop } = await freshDatabase();
	const sql = postgres(url, { max: 2, onnotice: () => undefined });
	const service = new ServiceProcess({ DATABASE_URL: url, ...env });
	ends.push(async () => {
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
async function unfinished(service: ServiceProcess): Promise<void> {
	const socket = openSocket(service.port);
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

/** A stream in progress with telemetry that was answered and is not written yet: the width 3. */
async function reported({ service, sql }: Site): Promise<() => Promise<number | undefined>> {
	const api = service.client();
	const id = await api.create(streamBody({ name: "reported" }));
	await api.take(1, { stream_ids: [id] });
	const stored = async () => {
		const [row] = await sql<{ width: number }[]>`
			SELECT (video_info->>'width')::int AS width FROM stream_states WHERE stream_id = ${id}`;
		return row?.width;
	};
	// The first one of a run is committed; those after it are telemetry.
	for (const width of [1, 2, 3]) {
		const item = { stream_id: id, version: 1, status: "in_progress", video_info: { width } };
		expect((await api.feedback([item])).modified.length).toBe(1);
	}
	expect(await stored()).toBe(1);
	return stored;
}

/** One that runs beside all that these tests do, and others that want to start beside it and may not. */
let lasting: Site;
let [twin, elsewhere, nowhere, wrong]: ServiceProcess[] = [];

beforeAll(async () => {
	const start = (env: Record<string, string>): ServiceProcess => {
		const service = new ServiceProcess(env);
		ends.push(() => service.end());
		return service;
	};
	lasting = await startSite();
	const other = await freshDatabase();
	ends.push(other.drop);
	// It waits ten seconds for the one that runs to go, while the tests before its own go on.
	twin = start({ DATABASE_URL: lasting.url });
	elsewhere = start({ DATABASE_URL: other.url, PORT: String(lasting.service.port) });
	nowhere = start({ DATABASE_URL: "postgres://luna:hidden@127.0.0.1:1/none" });
	wrong = start({ LUNA_STREAMS_QUEUE__MAX_TEAK: "1" });
});

const RARE = { LUNA_STREAMS_FEEDBACK__TELEMETRY_FLUSH_INTERVAL: "60" };

describe("SIGTERM", () => {
	let site: Site;
	let stored: () => Promise<number | undefined>;
	let answered: { takes: unknown[]; afterMs: number; patch: number };
	let ending: { status: number | string; seconds: number };

	beforeAll(async () => {
		site = await startSite(RARE);
		const { service, sql } = site;
		const api = service.client();
		stored = await reported(site);
		// A request that cannot be finished before a lock of the test's is released.
		const id = await api.create(streamBody({ name: "locked", status: "pause" }));
		const [held, release] = [deferred(), deferred()];
		const holding = sql.begin(async (mine) => {
			await mine`SELECT FROM stream_states WHERE stream_id = ${id} FOR UPDATE`;
			held.resolve();
			await release.promise;
		});
		await held.promise;
		const patch = api.ask("PATCH", `/1/streams/${id}`, { status: "cancel" });
		await someoneWaits(sql);
		const takes = Array.from({ length: 8 }, () => service.client({ connections: 1 }).take(10, {}, 60));
		await eventually(async () => expect(await api.metric("perigee_queue_waiters")).toBe(8));

		const terminated = terminate(service);
		const began = performance.now();
		const taken = await Promise.all(takes);
		const afterMs = performance.now() - began;
		release.resolve();
		await holding;
		answered = { takes: taken, afterMs, patch: (await patch).status };
		ending = await terminated;
	});

	test("waiting takers are answered at once", () => {
		expect(answered.takes).toEqual(Array(8).fill([]));
		expect(answered.afterMs).toBeLessThan(1_000);
	});

	test("requests under way are finished, and what they did stands", async () => {
		expect(answered.patch).toBe(204);
		expect(
			await site.sql`SELECT status FROM stream_states JOIN streams USING (stream_id) WHERE name = 'locked'`,
		).toEqual([{ status: "cancel" }]);
	});

	test("telemetry that was answered and not yet written is in the row", async () => {
		expect(await stored()).toBe(3);
	});

	test("the exit status is 0 within ten seconds, with nothing on standard error", () => {
		expect(ending.status).toBe(0);
		expect(ending.seconds).toBeLessThan(10);
		expect(site.service.stderr).toBe("");
	});
});

describe("SIGTERM while a client never ends its request", () => {
	test("the exit is in time all the same, and telemetry is written", async () => {
		const site = await startSite(RARE);
		const stored = await reported(site);
		await unfinished(site.service);
		const { status, seconds } = await terminate(site.service);
		expect({ status, inTime: seconds < 10 }).toEqual({ status: 0, inTime: true });
		expect(await stored()).toBe(3);
	});
});

describe("a start that is refused says why in one line, and the instance that runs goes on", () => {
	const said = async (service: ServiceProcess | undefined) => ({
		status: await service?.ended,
		stderr: service?.stderr,
	});

	test("a setting that is not known: status 2, and its name", async () => {
		expect(await said(wrong)).toEqual({
			status: 2,
			stderr: "perigee: environment: LUNA_STREAMS_QUEUE__MAX_TEAK is not a known setting\n",
		});
	});

	test("a database that is not there, without its password", async () => {
		const { status, stderr } = await said(nowhere);
		expect(status).toBe(1);
		expect(stderr).toMatch(/^perigee: [^\n]*\n$/);
		expect(stderr).not.toContain("hidden");
	});

	test("a port that is taken", async () => {
		const { port } = lasting.service;
		expect(await said(elsewhere)).toEqual({
			status: 1,
			stderr: expect.stringMatching(new RegExp(`^perigee: cannot listen on 127.0.0.1 port ${port}: [^\n]*\n$`)),
		});
	});

	test("a second instance on the same DATABASE_URL without Redis", async () => {
		expect(await said(twin)).toEqual({
			status: 1,
			stderr: expect.stringMatching(/^perigee: Another Perigee without Redis runs on this database: [^\n]*\n$/),
		});
		expect((await lasting.service.client().ask("GET", "/healthcheck")).status).toBe(200);
	});

	test("a second SIGTERM ends the one that runs at once, with status 1", async () => {
		await unfinished(lasting.service);
		process.kill(lasting.service.pid, "SIGTERM");
		await lasting.service.said("stopping");
		const { status, seconds } = await terminate(lasting.service);
		expect(status).toBe(1);
		expect(seconds).toBeLessThan(1);
	});
});
