import { afterAll, beforeAll, expect } from "vitest";
import { freePort } from "../scripts/cluster/answers.ts";
import type { ServiceProcess } from "../tests/main-job/service-process.ts";
import { ACCOUNT, streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { type FreshDatabase, freshDatabase } from "../tests/support/database.ts";
import { FaultProxy } from "../tests/support/fault-proxy.ts";
import { counts, reads } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { createStreams, failure, report, run } from "./site/fleet.ts";
import { startOwnService } from "./site/service.ts";

describeWithBrowser("when something breaks", () => {
	let database: FreshDatabase;
	let service: ServiceProcess;

	beforeAll(async () => {
		database = await freshDatabase();
		// A port by number: one that was given for 0 cannot be taken again at once.
		service = await startOwnService({ DATABASE_URL: database.url, PORT: String(await freePort()) });
		await service.client().expect(201, "POST", "/1/groups", { account_id: ACCOUNT, group_name: "hall" });
	});
	afterAll(async () => {
		await service?.end();
		await database?.drop();
	});

	test("the service is killed and started again: the badge says so, and what happened meanwhile is shown", async ({
		openDesk,
	}) => {
		const desk = await openDesk({}, service.url);
		const [kept = "", changed = ""] = await createStreams(service.client(), "hall", ["Kept", "Changed"]);
		await desk.open("streams?q=group:hall&order=oldest");
		const row = (text: string) => desk.page.getByRole("row").filter({ hasText: text });
		await reads(row("Changed"), /Pending/);
		await row("Kept").getByRole("checkbox").click();

		// Refused connections are what this test is about.
		desk.watcher.expect(/WebSocket connection to .* failed|net::ERR_/);
		const { port } = service;
		await service.kill();
		await desk.badge("Reconnecting");
		// What was there stays to be read.
		await reads(row("Kept"), /Pending/);
		service = await startOwnService({ DATABASE_URL: database.url, PORT: String(port) });
		const api = service.client();
		await api.expect(204, "PATCH", `/1/streams/${changed}`, { status: "pause" });
		const late = await api.create(streamBody({ name: "Late", group_name: "hall" }));
		await desk.connected();
		await reads(row("Changed"), /Paused/);
		await api.expect(204, "PATCH", `/1/streams/${kept}`, { status: "cancel" });
		await reads(row("Kept"), /Cancelled/);
		// The selection is still what it was.
		await reads(desk.page.getByRole("toolbar"), /1 stream selected/);
		await desk.open(`streams?q=id:${late}`);
		await row("Late").waitFor();
	});

	test("a network that was away: what happened meanwhile is shown, the newest state of each", async ({ openDesk }) => {
		const proxy = new FaultProxy({ port: service.port });
		await proxy.start();
		try {
			const api = service.client();
			const ids = await createStreams(api, "hall", ["Cut off 1", "Cut off 2"]);
			await run(api, ids);
			const desk = await openDesk({}, `http://127.0.0.1:${proxy.port}`);
			await desk.open("streams?q=cut&order=oldest");
			await counts(desk.page.getByRole("row").filter({ hasText: "Cut off" }), 2);
			desk.watcher.expect(/WebSocket connection to .* failed|net::ERR_/);
			proxy.refuse();
			await desk.badge("Reconnecting");
			for (let at = 1; at <= 50; at++) await report(api, ids, "in_progress", failure(`Noise ${at}`));
			await report(api, ids, "failure", failure("The last word"));
			proxy.heal();
			await desk.connected();
			for (const name of ["Cut off 1", "Cut off 2"]) {
				const row = desk.page.getByRole("row").filter({ hasText: name });
				await reads(row, /Failure/);
				await reads(row, /The last word/);
			}
		} finally {
			await proxy.stop();
		}
	});

	test("an overloaded tab shows the newest state in the end, and others are not held up by it", async ({
		openDesk,
	}) => {
		const api = service.client();
		const ids = await createStreams(
			api,
			"hall",
			Array.from({ length: 40 }, (_, at) => `Busy ${at}`),
		);
		await run(api, ids);
		const [slow, quick] = [await openDesk({}, service.url), await openDesk({}, service.url)];
		for (const desk of [slow, quick]) {
			await desk.open("streams?q=busy&order=oldest");
			await desk.sees("40 streams");
		}
		const session = await slow.context.newCDPSession(slow.page);
		await session.send("Emulation.setCPUThrottlingRate", { rate: 8 });
		for (let at = 1; at <= 30; at++) await report(api, ids, "in_progress", failure(`Noise ${at}`));
		await report(api, ids, "failure", failure("The last word"));
		const row = (desk: typeof slow) => desk.page.getByRole("row").filter({ hasText: "Busy 0" });
		await reads(row(quick), /The last word/);
		await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
		await reads(row(slow), /Failure/);
		await reads(row(slow), /The last word/);
		expect(await slow.page.getByRole("row").filter({ hasText: "Noise" }).count()).toBe(0);
		await slow.connected();
	});
});
