import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../actors/clock.ts";
import { anonymous, type Caller } from "../../server/access/caller.ts";
import { Limits, type LimitsOptions } from "../../server/limits/limits.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";

const log = { warn: () => undefined };
const base: LimitsOptions = {
	tokenRate: 0,
	addressRate: 0,
	failureRate: 0,
	addressRequests: 0,
	addressSockets: 0,
	requests: 1_000,
	addressBodyBytes: 0,
	bodyBytes: 0,
	addressAnswerBytes: 0,
	answerBytes: 0,
	redis: null,
	clock: systemClock,
	log,
};
const caller = (id: string): Caller => ({ ...anonymous, id });
const refused = (limits: Limits, id: string) => {
	try {
		limits.byCaller(caller(id));
		return false;
	} catch {
		return true;
	}
};

describeWithRedis("nodes with a Redis", () => {
	let redis: TestRedis;
	let client: Redis;
	beforeAll(async () => {
		redis = await startRedis();
		client = new Redis(redis.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
		client.on("error", () => undefined);
	});
	afterAll(async () => {
		client?.disconnect();
		await redis?.stop();
	});

	async function nodes(options: Partial<LimitsOptions>, count = 2): Promise<Limits[]> {
		const shared = { ...base, redis: { url: redis.url, namespace: "here" }, ...options };
		const started = Array.from({ length: count }, () => new Limits(shared));
		for (const each of started) await each.start();
		await eventually(async () => /name=perigee-limits/.test((await client.call("CLIENT", "LIST")) as string));
		return started;
	}
	const commands = async () =>
		[...(await client.info("commandstats")).matchAll(/cmdstat_(?:eval|evalsha):calls=(\d+)/g)].reduce(
			(sum, [, calls]) => sum + Number(calls),
			0,
		);

	test("count together: what one let pass the other does not", async () => {
		const [one, two] = await nodes({ failureRate: 20 });
		// A connection that is just open may not be ready: then a node counts for itself.
		await eventually(async () => {
			const peer = { address: "", counted: `203.0.113.9 ${performance.now()}` };
			const isRefused = (limits: Limits) => {
				try {
					limits.checkFailures(peer);
					return false;
				} catch (error) {
					return String(error).includes("39904");
				}
			};
			for (let times = 0; times < 12; times++) one!.failed(peer);
			for (let times = 0; times < 12; times++) two!.failed(peer);
			return eventually(() => isRefused(one!) || isRefused(two!), { timeoutMs: 500 });
		});
		for (const each of [one, two]) await each!.stop();
	});

	test("ask it nothing about who stays below a twentieth of the limit", async () => {
		const [one] = await nodes({ tokenRate: 5_000 }, 1);
		// Ready when it counts there.
		const unready = await commands();
		await eventually(async () => {
			for (let times = 0; times < 250; times++) one!.byCaller(caller("first"));
			return (await commands()) > unready;
		});
		const before = await commands();
		for (let agent = 0; agent < 50; agent++)
			for (let times = 0; times < 200; times++) one!.byCaller(caller(`${agent}`));
		for (let times = 0; times < 1_000; times++) one!.byCaller(caller("busy"));
		await eventually(async () => (await commands()) - before >= 4);
		expect((await commands()) - before).toBe(4);
		await one!.stop();
	});

	test("count for themselves while it is away or silent, and together again when it is back", async () => {
		const [one] = await nodes({ tokenRate: 40 }, 1);
		const exceeds = async (id: string) => {
			for (let times = 0; times < 60; times++) refused(one!, id);
			await eventually(() => refused(one!, id), { timeoutMs: 900 });
		};
		await exceeds("there");
		await redis.crash();
		await eventually(async () => {
			await exceeds(`away ${performance.now()}`);
			return true;
		});
		await redis.restart();
		await eventually(
			async () => {
				const before = await commands();
				await exceeds(`back ${performance.now()}`);
				return (await commands()) > before;
			},
			{ timeoutMs: 10_000 },
		);
		redis.pause();
		const peer = { address: "203.0.113.9", counted: "203.0.113.9" };
		const began = performance.now();
		one!.byCaller(caller("silent"));
		one!.byAddress(peer);
		// Nobody waits for it.
		expect(performance.now() - began).toBeLessThan(50);
		redis.resume();
		await one!.stop();
	}, 30_000);
});

test("a node alone counts for itself, and lets go when the window is over", async () => {
	const limits = new Limits({ ...base, tokenRate: 40 });
	await limits.start();
	let passed = 0;
	for (let times = 0; times < 200; times++) {
		if (!refused(limits, "one")) passed++;
		await Promise.resolve();
		await Promise.resolve();
		await Promise.resolve();
	}
	expect(passed).toBeGreaterThanOrEqual(40);
	expect(passed).toBeLessThanOrEqual(44);
	expect(limits.refused.token_rate).toBe(200 - passed);
	expect(refused(limits, "two")).toBe(false);
	await eventually(() => !refused(limits, "one"));
	await limits.stop();
});
