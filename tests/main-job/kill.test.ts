import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endLeftovers } from "../../persistence/embedded/leftover-postmaster.ts";
import { readPostmasterFile } from "../../persistence/embedded/postmaster-file.ts";
import { quietLogger } from "../support/postgres-server.ts";
import { newSeed, seededRandom } from "../support/seeded-random.ts";
import { deferred, eventually } from "../support/signals.ts";
import type { ApiClient } from "./api-client.ts";
import { allLogs, LedgerKeeper } from "./ledger.ts";
import { ServiceProcess } from "./service-process.ts";
import { streamBody } from "./stream-bodies.ts";

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 2);
/** Seconds: long enough that nobody is lost while the load runs, and short for the test of the grace. */
const LONG = 3600;
const SHORT = 2;

let folder = "";
let service: ServiceProcess;
let api: ApiClient;

async function start(period: number): Promise<void> {
	service = new ServiceProcess({
		DATA_DIR: folder,
		LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: String(period),
		LUNA_STREAMS_STREAM_STATUS_OBSOLETING__INTERVAL: "0.1",
	});
	await service.ready();
	api = service.client();
}

const postmaster = async (): Promise<number | undefined> => (await readPostmasterFile(join(folder, "postgres")))?.pid;

// One after the other on the same folder: each goes on where the one before ended.
describe("the service with its embedded database", () => {
	const seed = newSeed();
	const random = seededRandom(seed);
	const keepers = Array.from({ length: 16 }, (_, at) => new LedgerKeeper(`keeper-${at}`, random));

	beforeAll(async () => {
		folder = await mkdtemp(join(await realpath(tmpdir()), "perigee-kill-"));
		await chmod(folder, 0o711);
	});
	afterAll(async () => {
		await service?.end();
		await endLeftovers(join(folder, "postgres"), quietLogger);
		await rm(folder, { recursive: true, force: true });
	});

	test("starts on a clean DATA_DIR", async () => {
		await start(LONG);
		expect((await api.ask("GET", "/healthcheck")).status).toBe(200);
		expect(await api.count()).toBe(0);
	});

	test("a second instance with the same DATA_DIR is refused in one line, and the first one goes on", async () => {
		const second = new ServiceProcess({ DATA_DIR: folder });
		expect({ status: await second.ended, stderr: second.stderr }).toEqual({
			status: 1,
			stderr: expect.stringMatching(/^perigee: [^\n]*\n$/),
		});
		expect(second.stderr).toContain(folder);
		expect((await api.ask("GET", "/healthcheck")).status).toBe(200);
	});

	test(
		"kill -9 at any moment under load: after the next start every answered change is there, and nothing is half done",
		async () => {
			console.log(`kill -9: seed ${seed}`);
			for (let round = 0; round < ROUNDS; round++) {
				const deadly = 200 + Math.floor(random() * 400);
				let answers = 0;
				const reached = deferred();
				const working = keepers.map((keeper) => {
					const own = service.client({ connections: 1 });
					return keeper.work(own, () => {
						if (++answers === deadly) reached.resolve();
					});
				});
				await Promise.race([reached.promise, Promise.all(working)]);
				const pid = await postmaster();
				process.kill(service.pid, "SIGKILL");
				if (round % 2 === 1 && pid !== undefined) process.kill(pid, "SIGKILL");
				await Promise.all([service.ended, ...working]);
				await start(LONG);
				const logs = await allLogs(api);
				for (const keeper of keepers) await keeper.verify(api, logs);
				console.log(`round ${round}: killed after ${answers} answers, ${logs.size} streams`);
				expect(answers).toBeGreaterThanOrEqual(deadly);
			}
		},
		60_000 + 60_000 * ROUNDS,
	);

	test("kill -9 of PostgreSQL alone under load: the service stays, and every answered change is there", {
		timeout: 90_000,
	}, async () => {
		let answers = 0;
		let killed = false;
		const reached = deferred();
		const working = keepers.map((keeper) =>
			keeper.work(
				service.client({ connections: 1 }),
				() => {
					if (++answers === 300) reached.resolve();
				},
				() => killed,
			),
		);
		await Promise.race([reached.promise, Promise.all(working)]);
		expect(answers).toBeGreaterThanOrEqual(300);
		process.kill((await postmaster()) ?? 0, "SIGKILL");
		killed = true;
		await Promise.all(working);
		await eventually(async () => expect((await api.ask("GET", "/healthcheck")).status).toBe(200), {
			timeoutMs: 10_000,
		});
		// A connection of the time before may still be found broken.
		await eventually(
			async () => {
				const logs = await allLogs(api);
				for (const keeper of keepers) await keeper.verify(api, logs);
				return true;
			},
			{ timeoutMs: 30_000 },
		);
		expect(service.over).toBe(false);
	});

	test("kill -9: heartbeats get one period of grace, and who reports within it keeps its stream", {
		timeout: 90_000,
	}, async () => {
		// Starts in a row share their grace: one that nobody has drawn on is what this is about.
		await service.kill();
		await start(SHORT);
		await eventually(async () => expect(await api.metric("perigee_grace")).toBe(0), { timeoutMs: 10_000 });
		const name = `held ${randomUUID()}`;
		const ids = await Promise.all(Array.from({ length: 20 }, () => api.create(streamBody({ name }))));
		expect((await api.take(100, { names: [name] })).length).toBe(ids.length);
		await service.kill();
		await start(SHORT);
		// Before that nobody could look, and so no grace begin.
		const databaseRan = Date.parse(String((await service.said("PostgreSQL runs"))["time"]));
		const logs = await allLogs(api);
		for (const id of ids) expect(logs.get(id)).toEqual(["pending", "in_progress"]);

		const [kept, ...silent] = ids as [string, ...string[]];
		const lost = await eventually(
			async () => {
				// Its agent goes on as if nothing had been.
				const { modified } = await api.feedback([{ stream_id: kept, version: 1, status: "in_progress" }]);
				expect(modified.length).toBe(1);
				const records = await api.records(`stream_ids=${ids.join()}&statuses=handler_lost`);
				return records.length === silent.length && records;
			},
			{ timeoutMs: 3_000 * SHORT + 2_000 },
		);
		const first = Math.min(...lost.map(({ log_time }) => Date.parse(log_time)));
		expect(first - databaseRan).toBeGreaterThanOrEqual(1000 * SHORT);
		expect(await api.log(kept)).toEqual(["pending", "in_progress"]);
		for (const id of silent)
			expect(await api.log(id)).toEqual(["pending", "in_progress", "handler_lost", "restart", "pending"]);
	});

	test("SIGTERM: exit status 0 within ten seconds, and nothing of the database goes on", async () => {
		const pid = await postmaster();
		expect(pid).toBeDefined();
		const began = performance.now();
		process.kill(service.pid, "SIGTERM");
		expect(await service.ended).toBe(0);
		expect(performance.now() - began).toBeLessThan(10_000);
		expect(await postmaster()).toBeUndefined();
		expect(() => process.kill(pid ?? 0, 0)).toThrow();
	});
});
