import { beforeAll, describe, expect, inject } from "vitest";
import { ApiClient } from "../tests/main-job/api-client.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { seriousFindings } from "./desk/axe.ts";
import { test } from "./desk/test.ts";
import { createGroup, createStreams, failure, report, run } from "./site/fleet.ts";

describeWithBrowser("for every eye and hand", () => {
	/** A group in which something runs, waits and has failed. */
	let group = "";
	let failed = "";

	beforeAll(async () => {
		const api = new ApiClient(inject("site").url);
		group = await createGroup(api, "seen");
		const [running = "", ...rest] = await createStreams(api, group, ["Runs", "Failed", "Waits"], {
			autorestart: { restart: 1, delay: 3600 },
		});
		failed = rest[0] ?? "";
		await run(api, [running, failed], { video_info: { width: 640, height: 360, frame_rate: 25 } });
		await report(api, [failed], "failure", failure("Lens is covered", "black for 30 s", 1204));
		api.close();
	});

	describe.each([
		{ title: "Streams", at: () => `streams?q=group:${group}` },
		{ title: "Wall", at: () => `wall?q=group:${group}` },
		{ title: "Stream", at: () => `stream/${failed}` },
		{ title: "Stream", at: () => `stream/${failed}/recreate` },
		{ title: "Groups", at: () => "groups" },
		{ title: "Queue", at: () => "queue" },
		{ title: "Logs", at: () => `logs?stream=${failed}` },
		{ title: "Audit", at: () => `audit?stream=${failed}` },
		{ title: "Nodes", at: () => "nodes" },
		{ title: "Create", at: () => "create" },
	])("$title", ({ title, at }) => {
		// axe takes its time where other processes take it, too.
		test("axe finds nothing serious, in no theme", { timeout: 180_000 }, async ({ desk }) => {
			await desk.open(at());
			const main = desk.page.getByRole("main", { name: title, exact: true });
			await main.getByRole("heading").first().waitFor({ state: "attached" });
			await main.getByText("Asking …").first().waitFor({ state: "detached" });
			expect(await seriousFindings(desk.page)).toEqual([]);
			for (const theme of ["Dark theme", "Light theme"]) {
				await desk.press("t");
				await desk.page.getByRole("button", { name: theme }).waitFor();
				// What the themes change.
				expect(await seriousFindings(desk.page, ["color-contrast", "link-in-text-block"])).toEqual([]);
			}
		});
	});

	test("nor in a dialog with a question", { timeout: 180_000 }, async ({ desk }) => {
		await desk.open(`streams?q=group:${group}`);
		await desk.sees("3 streams");
		await desk.press("Shift+A", "a");
		await desk.page.getByRole("dialog").getByRole("combobox", { name: "Group" }).waitFor();
		expect(await seriousFindings(desk.page)).toEqual([]);
	});
});
