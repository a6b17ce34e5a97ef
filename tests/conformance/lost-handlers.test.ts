import { describe, expect, test } from "vitest";
import { openTarget } from "./target.ts";

const target = await openTarget({
	LUNA_STREAMS_STREAM_STATUS_OBSOLETING__PERIOD: "1.6",
	LUNA_STREAMS_STREAM_STATUS_OBSOLETING__INTERVAL: "0.1",
	LUNA_STREAMS_FEEDBACK__TELEMETRY_FLUSH_INTERVAL: "0.05",
	LUNA_STREAMS_STREAM_STATUS_OBSOLETING__LOST_LIMIT: "2",
});
const { PERIOD, INTERVAL, LOST_LIMIT } = target.config.LUNA_STREAMS_STREAM_STATUS_OBSOLETING;

/** Only a service that was given a short period can be watched in a test's time. */
describe.runIf(PERIOD <= 3)("silence", () => {
	test("of a whole period is handler_lost, restart, pending; a done stream and one that is heard stay", async () => {
		const [silent, heard, done] = [await target.create(), await target.create(), await target.create()];
		await target.take({ stream_ids: [silent, heard, done] }, 3);
		await target.report(done, "done");
		// The first period after a start is one of grace.
		const until = Date.now() + (3 * PERIOD + 2 * INTERVAL) * 1_000 + 1_000;
		while (Date.now() < until && (await target.stream(silent)).status === "in_progress") {
			await target.report(heard, "in_progress");
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		expect((await target.stream(silent)).status).toBe("pending");
		expect(await target.log(silent)).toEqual(["pending", "in_progress", "handler_lost", "restart", "pending"]);
		expect((await target.stream(heard)).status).toBe("in_progress");
		expect(await target.log(done)).toEqual(["pending", "in_progress", "done"]);
	});
});

describe.runIf(LOST_LIMIT <= 5).concurrent("a stream that lost its handler more than LOST_LIMIT times", () => {
	test("is held back for a second, unless it is patched pending", async () => {
		const id = await target.create();
		for (let at = 0; at <= LOST_LIMIT; at++) {
			await target.takeOne(id);
			await target.report(id, "handler_lost");
		}
		expect((await target.stream(id)).status).toBe("pending");
		expect(await target.take({ stream_ids: [id] })).toEqual([]);
		await target.patch(id, { status: "pending" });
		await target.takeOne(id);
	});
	test("can be taken after that second", async () => {
		const id = await target.create();
		for (let at = 0; at <= LOST_LIMIT; at++) {
			await target.takeOne(id);
			await target.report(id, "handler_lost");
		}
		const lost = Date.now();
		expect(await target.take({ stream_ids: [id] }, 1, { wait: 5 })).toHaveLength(1);
		expect(Date.now() - lost).toBeGreaterThan(700);
		expect(Date.now() - lost).toBeLessThan(6_000);
	});
});
