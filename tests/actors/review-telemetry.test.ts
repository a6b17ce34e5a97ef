import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSite, type Site, takeRequest, written } from "./engine-fixture.ts";

let site: Site;

beforeAll(async () => {
	site = await openSite();
});

afterAll(async () => {
	await site.close();
});

const info = (progress: number) => JSON.stringify({ progress });

/** A stream in progress whose newest telemetry, progress 0.9, is answered and not written. */
async function withUnwritten(alone: boolean) {
	const { engine } = await site.node({ alone, feedback: { flushInterval: 60, durability: "interval" } });
	const { stream_id } = await engine.create(written());
	await engine.take(takeRequest());
	for (const progress of [0.1, 0.9]) {
		const item = { stream_id, version: 1, status: "in_progress", video_info: info(progress) };
		expect((await engine.feedback([item], null)).modified).toHaveLength(1);
	}
	expect((await engine.get(stream_id, null)).video_info).toBe(info(0.9));
	return { engine, stream_id };
}

describe.each([true, false])("alone %s: telemetry that was answered and not written", (alone) => {
	test.each(["pause", "cancel"] as const)("stays when the stream is patched %s", async (status) => {
		const { engine, stream_id } = await withUnwritten(alone);
		await engine.patch(stream_id, { status }, null);
		expect(await engine.get(stream_id, null)).toMatchObject({ status, video_info: info(0.9) });
	});

	test("goes with a PUT, which clears what was reported", async () => {
		const { engine, stream_id } = await withUnwritten(alone);
		await engine.recreate(stream_id, written(), null);
		expect(await engine.get(stream_id, null)).toMatchObject({ status: "pending", video_info: null });
	});
});
