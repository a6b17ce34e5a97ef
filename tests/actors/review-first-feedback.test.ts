import { expect, onTestFinished, test } from "vitest";
import { openSite, takeRequest, written } from "./engine-fixture.ts";

test("the first feedback of a run is not refused by a node that has not heard of the take yet", async () => {
	const site = await openSite();
	onTestFinished(() => site.close());
	const [one, other] = [await site.node(), await site.node()];
	const { stream_id } = await other.engine.create(written({ status: "pause" }));
	await other.engine.patch(stream_id, { status: "pending" }, null);
	expect(other.engine.registry.peek(stream_id)?.status).toBe("pending");
	await one.engine.take(takeRequest());
	const { modified } = await other.engine.feedback([{ stream_id, version: 1, status: "in_progress" }], null);
	expect(modified).toEqual([{ stream_id, version: 1, status: "in_progress" }]);
});
