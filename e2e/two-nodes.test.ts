import { afterAll, beforeAll } from "vitest";
import type { ServiceProcess } from "../tests/main-job/service-process.ts";
import { ACCOUNT, streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { type FreshDatabase, freshDatabase } from "../tests/support/database.ts";
import { describeWithRedis, startRedis, type TestRedis } from "../tests/support/redis.ts";
import { counts, reads } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { startOwnService } from "./site/service.ts";

describeWithRedis("with Redis", () => {
	describeWithBrowser("two operators at two nodes", () => {
		let redis: TestRedis;
		let database: FreshDatabase;
		let nodes: ServiceProcess[];

		beforeAll(async () => {
			[redis, database] = await Promise.all([startRedis(), freshDatabase()]);
			const env = { DATABASE_URL: database.url, REDIS_URL: redis.url };
			nodes = await Promise.all([startOwnService(env), startOwnService(env)]);
		});
		afterAll(async () => {
			for (const node of nodes ?? []) await node.end();
			await database?.drop();
			await redis?.stop();
		});

		test("what one does, the other sees at once, and neither sees what is over", async ({ openDesk }) => {
			const [first, second] = nodes.map((node) => node.url);
			const api = nodes[0]!.client();
			await api.expect(201, "POST", "/1/groups", { account_id: ACCOUNT, group_name: "shared" });
			const id = await api.create(streamBody({ name: "Turnstile", group_name: "shared" }));
			await api.create(streamBody({ name: "Other", group_name: "shared" }));
			const [anna, ben] = [await openDesk({}, first), await openDesk({}, second)];
			await anna.open("streams?q=group:shared&order=oldest");
			await ben.open(`stream/${id}`);
			const row = anna.page.getByRole("row").filter({ hasText: "Turnstile" });
			await reads(row, /Pending/);

			await ben.page.getByRole("main").getByRole("button", { name: "Pause", exact: true }).click();
			await ben.page.getByRole("dialog").getByRole("button", { name: "Pause the stream" }).click();
			await reads(row, /Paused/);

			await row.getByRole("checkbox").click();
			await anna.page.getByRole("toolbar").getByRole("button", { name: "Resume" }).click();
			await anna.page.getByRole("dialog").getByRole("button", { name: "Resume 1 stream" }).click();
			await reads(anna.page.getByRole("dialog"), /Finished: 1 done/);
			await reads(ben.page.locator("header.stream-head .status"), "Pending");
			await anna.press("Escape");

			// Both at the same moment: one of them is told that there was nothing left to do.
			await anna.page.getByRole("toolbar").getByRole("button", { name: "Cancel", exact: true }).click();
			await ben.page.getByRole("main").getByRole("button", { name: "Cancel", exact: true }).click();
			await anna.page.getByRole("dialog").getByRole("button", { name: "Cancel 1 stream" }).click();
			await reads(anna.page.getByRole("dialog"), /Finished: 1 done/);
			ben.watcher.expect(/409/);
			await ben.page.getByRole("dialog").getByRole("button", { name: "Cancel the stream" }).click();
			await reads(ben.page.getByRole("dialog").getByRole("alert"), /is finished and cannot be cancelled/);
			await reads(row, /Cancelled/);
		});

		test("each node is seen from both, with where one is", async ({ openDesk }) => {
			for (const node of nodes) {
				const desk = await openDesk({}, node.url);
				await desk.open("nodes");
				await desk.sees("Redis is connected: the nodes hear from each other at once.");
				await counts(desk.page.getByRole("table").first().locator("tbody tr"), 2);
				await counts(desk.page.getByText("you are here"), 1);
			}
		});
	});
});
