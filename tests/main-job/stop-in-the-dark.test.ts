import { afterAll, beforeAll, test } from "vitest";
import { freshDatabase } from "../support/database.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { ServiceProcess } from "./service-process.ts";
import { streamBody } from "./stream-bodies.ts";

/** Seconds. */
const STOP = 10;

describeWithRedis("SIGTERM when PostgreSQL and Redis have just fallen silent", () => {
	let redis: TestRedis;
	beforeAll(async () => {
		redis = await startRedis();
	});
	afterAll(() => redis.stop());

	// Side by side: they do little but wait.
	test.concurrent.for([
		["a lone node", false],
		["one of several", true],
	] as const)(
		"%s ends in time, with status 0, and whoever waited has an answer",
		{ timeout: 60_000 },
		async ([, several], { expect, onTestFinished }) => {
			async function proxied(port: number): Promise<FaultProxy> {
				const proxy = new FaultProxy({ port });
				await proxy.start();
				onTestFinished(() => proxy.stop());
				return proxy;
			}
			const database = await freshDatabase();
			onTestFinished(database.drop);
			const url = new URL(database.url);
			const toDatabase = await proxied(Number(url.port));
			const toRedis = await proxied(redis.port);
			url.host = `127.0.0.1:${toDatabase.port}`;
			const service = new ServiceProcess({
				DATABASE_URL: url.href,
				...(several && { REDIS_URL: `redis://127.0.0.1:${toRedis.port}` }),
			});
			onTestFinished(() => service.end());
			await service.ready();
			const client = service.client({ connections: 8 });
			const waiting = client.ask("POST", "/1/streams/processing/queue?wait=60", { filters: {}, limit: 1 });
			await eventually(async () => (await client.metric("perigee_queue_waiters")) === 1);
			toDatabase.blackHole();
			toRedis.blackHole();
			// Nobody knows yet, and each of them waits for an answer.
			const caught = Promise.all(Array.from({ length: 4 }, () => client.ask("POST", "/1/streams", streamBody())));
			const began = performance.now();
			process.kill(service.pid, "SIGTERM");
			expect(await service.ended).toBe(0);
			expect((performance.now() - began) / 1000).toBeLessThan(STOP);
			// 503 when its own look was caught as well.
			expect([200, 503]).toContain((await waiting).status);
			expect((await caught).map(({ status }) => status)).toEqual([503, 503, 503, 503]);
		},
	);
});
