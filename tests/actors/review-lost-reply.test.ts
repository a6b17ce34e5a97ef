import { expect, onTestFinished, test } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { eventually } from "../support/signals.ts";
import { openSite, takeRequest, written } from "./engine-fixture.ts";

test("a take whose answer was lost with the connection: the stream comes back, though its actor had been resident", async () => {
	const site = await openSite();
	onTestFinished(() => site.close());
	const behind = new URL(site.url);
	const proxy = new FaultProxy({ host: behind.hostname, port: Number(behind.port) });
	await proxy.start();
	onTestFinished(() => proxy.stop());
	behind.hostname = "127.0.0.1";
	behind.port = String(proxy.port);
	const beyond = await openSite(behind.href);
	onTestFinished(() => beyond.close());
	const { engine, database } = await beyond.node({ alone: true, obsoleting: { period: 0.4, interval: 0.1 } });
	const { stream_id } = await engine.create(written({ status: "pause" }));
	await engine.patch(stream_id, { status: "pending" }, null);
	expect(engine.registry.peek(stream_id)?.status).toBe("pending");

	proxy.delay(300);
	const taking = engine.take(takeRequest()).catch((error: unknown) => error);
	await eventually(async () => (await site.log(stream_id)).includes("in_progress"));
	proxy.reset();
	proxy.delay(0);
	const refused = await taking;
	expect(refused).toBeInstanceOf(Fault);
	expect(refused).toMatchObject({ code: 39905 });

	await eventually(() => database.available);
	await expect(engine.patch(stream_id, { status: "pending" }, null)).rejects.toMatchObject({ code: 39004 });
	await eventually(async () => (await site.log(stream_id)).includes("handler_lost"));
	expect(await site.log(stream_id)).toEqual(["pause", "pending", "in_progress", "handler_lost", "restart", "pending"]);
});
