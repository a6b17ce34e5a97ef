import { afterAll, beforeAll, describe, expect, inject } from "vitest";
import { type GuardedService, startGuarded } from "../tests/access/access-fixture.ts";
import { ApiClient } from "../tests/main-job/api-client.ts";
import { ACCOUNT } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { seriousFindings } from "./desk/axe.ts";
import { test } from "./desk/test.ts";
import { createGroup, createStreams, failure, report, run } from "./site/fleet.ts";

/** The rules whose findings depend on the theme. */
const ofThemes = ["color-contrast", "link-in-text-block"];

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
			// As the system is, which is light.
			expect(await seriousFindings(desk.page)).toEqual([]);
			await desk.press("t");
			await desk.page.getByRole("button", { name: "Dark theme" }).waitFor();
			expect(await seriousFindings(desk.page, ofThemes)).toEqual([]);
		});
	});

	describe.each([
		{ width: "wide", viewport: { width: 1280, height: 720 } },
		{ width: "narrow", viewport: { width: 400, height: 720 } },
	])("Tokens, on a $width screen", ({ viewport }) => {
		let guarded: GuardedService;

		beforeAll(async () => {
			guarded = await startGuarded();
			await guarded.token({ name: "hall", role: "agent", groups: ["hall", "gate", "yard"], accounts: [ACCOUNT] });
			await guarded.token({ name: "over", expire_time: "2026-01-01T00:00:00Z" });
			const { token_id } = await guarded.token({ name: "gone" });
			await guarded.ask(guarded.admin, "DELETE", `/console/tokens/${token_id}`);
		});
		afterAll(() => guarded?.[Symbol.asyncDispose]());

		test("axe finds nothing serious, in no theme and in no dialog", { timeout: 240_000 }, async ({ openDesk }) => {
			const desk = await openDesk({ viewport }, guarded.service.url);
			await desk.logIn(guarded.admin);
			await desk.wayTo("Tokens").click();
			await desk.page.getByRole("row").filter({ hasText: "gone" }).waitFor();
			await desk.page.getByText("3 groups").click();
			const clean = async () => {
				expect(await seriousFindings(desk.page)).toEqual([]);
				// The page as a whole is not wider than the screen: what is, scrolls by itself.
				expect(await desk.page.evaluate("document.querySelector('main').scrollWidth")).toBeLessThanOrEqual(
					viewport.width,
				);
			};
			let theme = "light";
			// As it is, then in the other one, and so on from there.
			const inEveryTheme = async () => {
				await clean();
				theme = theme === "light" ? "dark" : "light";
				await desk.page.evaluate(`document.documentElement.dataset.theme = "${theme}"`);
				expect(await seriousFindings(desk.page, ofThemes)).toEqual([]);
			};
			await inEveryTheme();
			await desk.page.getByRole("button", { name: "Log out" }).click();
			await inEveryTheme();
			await desk.press("Escape");
			await desk.page.getByRole("button", { name: /^Revoke hall/ }).click();
			await inEveryTheme();
			await desk.escape();
			await desk.press("n");
			const form = desk.page.getByRole("dialog", { name: "Make a token" });
			await form.getByLabel("Groups").fill("no good näme");
			await form.getByLabel("Expires").selectOption("At a moment …");
			await inEveryTheme();
			await form.getByLabel("Groups").fill("");
			await form.getByLabel("Expires").selectOption("Never");
			await form.getByLabel("Name").fill("new");
			await desk.press("Enter");
			await desk.page.getByRole("dialog", { name: "The token is made" }).waitFor();
			await inEveryTheme();
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
