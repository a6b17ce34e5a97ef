import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../support/signals.ts";
import { openSite, takeRequest, written } from "./engine-fixture.ts";

test("a stop does not wait until the last of many silent streams is given back", async () => {
	const site = await openSite();
	onTestFinished(() => site.close());
	const node = await site.node({ obsoleting: { period: 2, interval: 0.1 } });
	const streams = 6_000;
	await Promise.all(Array.from({ length: streams }, () => node.engine.create(written())));
	for (let taken = 0; taken < streams; ) taken += (await node.engine.take(takeRequest())).length;
	await site.sql`UPDATE stream_states SET feedback_time = feedback_time - interval '1 hour'`;
	await eventually(() => node.said.some(({ message }) => message === "streams lost their handler"), {
		timeoutMs: 20_000,
	});
	await node.stop();
	const [row] = await site.sql<{ left: number }[]>`
		SELECT count(*)::int AS left FROM stream_states WHERE status = 'in_progress'`;
	expect(row?.left).toBeGreaterThan(0);
});
