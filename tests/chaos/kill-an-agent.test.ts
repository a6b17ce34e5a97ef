import { afterAll, beforeAll, expect, test } from "vitest";
import { insertPending } from "../main-job/pending-streams.ts";
import { Program } from "../main-job/service-process.ts";
import { describeWithRedis } from "../support/redis.ts";
import { eventually } from "../support/signals.ts";
import { either, rounds, say, since } from "./rounds.ts";
import { type Site, startSite } from "./site.ts";
import { statuses, storedLogs } from "./stored-log.ts";

const STREAMS = 500;
const ROUNDS = rounds(1, 5);
const PERIOD = either(2, 10);
const INTERVAL = 0.5;
/** What was heard last may be written so much later, and 500 streams are not lost in no time. */
const ALLOWANCE = 1.5;

describeWithRedis(`an agent killed with ${STREAMS} streams`, () => {
	let site: Site;
	beforeAll(async () => {
		site = await startSite({
			env: {
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: String(PERIOD),
				LUNA_STREAMS_STREAM_STATUS_OBSOLETING__INTERVAL: String(INTERVAL),
			},
		});
		await insertPending(site.sql, STREAMS);
		await eventually(async () => (await site.nodes[0]?.caller.metric("perigee_grace")) === 0, {
			timeoutMs: 4_000 * PERIOD,
		});
	});
	afterAll(() => site?.stop());

	const items = async () => {
		const each = site.nodes.map(({ caller }) => caller.metric("perigee_feedback_items_total"));
		return (await Promise.all(each)).reduce((sum, some) => sum + some, 0);
	};

	test(
		"all of them are back in the queue within period and interval, none is lost, and none is there twice",
		async () => {
			for (let round = 0; round < ROUNDS; round++) {
				const urls = site.nodes.map(({ url }) => url);
				const agent = new Program(["--import", "tsx", "tests/chaos/agent-process.ts", String(STREAMS), ...urls]);
				await agent.said("reporting");
				const heard = await items();
				await eventually(async () => (await items()) > heard + 3 * STREAMS, { timeoutMs: 60_000 });
				await agent.kill();
				const began = performance.now();
				expect(await statuses(site.sql)).toEqual({ in_progress: STREAMS });
				await eventually(async () => (await statuses(site.sql))["pending"] === STREAMS, { timeoutMs: 60_000 });
				const seconds = since(began);
				say(`kill an agent: ${STREAMS} streams are back after ${seconds.toFixed(1)} s`);
				expect(seconds).toBeLessThan(PERIOD + INTERVAL + ALLOWANCE);
			}
			const told = ["handler_lost", "restart", "pending"];
			const lost = Array.from({ length: ROUNDS }, () => ["in_progress", ...told]).flat();
			const logs = await storedLogs(site.sql);
			expect(logs.size).toBe(STREAMS);
			for (const log of logs.values()) {
				// A changed error is a record of its own.
				const path = log.filter(({ code }) => code === null).map(({ status }) => status);
				expect(path).toEqual(["pending", ...lost]);
			}
		},
		60_000 + ROUNDS * 60_000,
	);
});
