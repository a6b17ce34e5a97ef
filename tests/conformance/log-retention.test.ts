import { describe, expect, test } from "vitest";
import { openTarget } from "./target.ts";

const target = await openTarget({
	LUNA_STREAMS_LOGS_CLEAR_INTERVAL__ACTIVE: "1",
	LUNA_STREAMS_LOGS_CLEAR_INTERVAL__INTERVAL: "1",
	LUNA_STREAMS_LOGS_CLEAR_INTERVAL__INTERVAL_TYPE: "seconds",
	LUNA_STREAMS_LOGS_CLEAR_INTERVAL__CHECK_INTERVAL: "0.2",
});
const { ACTIVE, INTERVAL, INTERVAL_TYPE, CHECK_INTERVAL } = target.config.LUNA_STREAMS_LOGS_CLEAR_INTERVAL;

/** Only a service that was given a short interval can be watched in a test's time. */
describe.runIf(ACTIVE === 1 && INTERVAL_TYPE === "seconds" && INTERVAL + CHECK_INTERVAL <= 3)("old records", () => {
	async function logBecomes(stream_id: string, expected: string[]): Promise<void> {
		const until = Date.now() + (INTERVAL + CHECK_INTERVAL) * 1_000 + 10_000;
		for (;;) {
			const log = await target.log(stream_id);
			if (JSON.stringify(log) === JSON.stringify(expected)) return;
			expect(Date.now(), `the log is ${log}`).toBeLessThan(until);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
	test("go by themselves, but never the newest of a stream that exists", async () => {
		const [kept, gone] = [await target.create(), await target.create()];
		await target.takeOne(kept);
		await target.report(kept, "done");
		await target.api.delete(`/1/streams/${gone}`);
		await logBecomes(kept, ["done"]);
		await logBecomes(gone, []);
		await target.patch(kept, { status: "pending" });
		await logBecomes(kept, ["pending"]);
		expect(await target.stream(kept)).toMatchObject({ status: "pending" });
	});

	test("are none within the interval", async () => {
		for (;;) {
			const began = performance.now();
			const stream_id = await target.create();
			await target.patch(stream_id, { status: "pause" });
			const log = await target.log(stream_id);
			// On a busy machine the first of them may be old by now: then once more.
			if (performance.now() - began > INTERVAL * 1_000) continue;
			expect(log).toEqual(["pending", "pause"]);
			return;
		}
	});
});
