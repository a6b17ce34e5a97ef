import { afterAll, beforeAll, expect } from "vitest";
import { type GuardedService, startGuarded } from "../tests/access/access-fixture.ts";
import { streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { counts, type Desk, reads, SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";

describeWithBrowser("with access control", () => {
	let guarded: GuardedService;
	let stream_id = "";

	beforeAll(async () => {
		guarded = await startGuarded();
		const { body } = await guarded.ask(guarded.admin, "POST", "/1/streams", streamBody({ name: "Guarded" }));
		stream_id = body.stream_id;
	});
	afterAll(() => guarded?.[Symbol.asyncDispose]());

	/** Opens the console as nobody, and logs in by its dialog. */
	async function logIn(desk: Desk, token: string): Promise<void> {
		// As nobody everything is refused; that is how the page knows that it has to ask.
		desk.watcher.expect(/401|WebSocket connection to .* failed/);
		await desk.page.goto(`${desk.url}/#/streams`);
		await desk.badge("Logged out");
		const dialog = desk.page.getByRole("dialog", { name: "Log in" });
		await dialog.getByLabel("Token").fill(token);
		await dialog.getByRole("button", { name: "Log in", exact: true }).click();
		await desk.connected();
	}

	test("a token that is wrong is refused in words, and not shown", async ({ openDesk }) => {
		const desk = await openDesk({}, guarded.service.url);
		desk.watcher.expect(/401|WebSocket connection to .* failed/);
		await desk.page.goto(`${desk.url}/#/streams`);
		const dialog = desk.page.getByRole("dialog", { name: "Log in" });
		await dialog.getByLabel("Token").fill("perigee_wrong");
		await dialog.getByRole("button", { name: "Log in", exact: true }).click();
		await expect.poll(() => dialog.getByRole("alert").innerText(), { timeout: SHOWN_WITHIN }).not.toBe("");
		expect(await dialog.innerText()).not.toContain("perigee_wrong");
		await desk.press("Escape");
		expect(await dialog.isVisible()).toBe(true);
	});

	test("a viewer sees everything live, and is offered nothing that would be refused", async ({ openDesk }) => {
		const desk = await openDesk({}, guarded.service.url);
		const { token } = await guarded.token({ role: "viewer" });
		await logIn(desk, token);
		await desk.open("streams");
		const row = desk.page.getByRole("row").filter({ hasText: "Guarded" });
		await reads(row, /Pending/);
		await desk.press("Shift+A", "p", "Delete");
		expect(await desk.page.getByRole("toolbar").count()).toBe(0);
		expect(await desk.page.getByRole("dialog").count()).toBe(0);
		await row.getByRole("link").click();
		await desk.page.getByRole("heading", { name: "Guarded", level: 1 }).waitFor();
		await desk.page.getByRole("button", { name: "Download JSON" }).waitFor();
		for (const word of ["Pause", "Resume", "Cancel", "Delete", "Edit the description"])
			await counts(desk.page.getByRole("main").getByRole("button", { name: word, exact: true }), 0);
		await desk.press("p", "r", "c", "e", "Shift+E", "Delete");
		expect(await desk.page.getByRole("dialog").count()).toBe(0);
		await counts(desk.page.getByRole("navigation").getByRole("link", { name: "Audit" }), 0);
		await desk.open("audit");
		await desk.sees("Only administrators of the whole service may read the audit.");
		await desk.open("create");
		await desk.sees("You may look, but not create streams.");
		await desk.open("groups");
		await counts(desk.page.getByRole("button", { name: "Create a group" }), 0);
		// It still hears of what others do.
		await desk.open(`stream/${stream_id}`);
		await guarded.ask(guarded.admin, "PATCH", `/1/streams/${stream_id}`, { status: "pause" });
		await reads(desk.page.locator("header.stream-head .status"), "Paused");
	});

	test("an administrator reads who did what, in the audit and in the timeline; whatever it says is text", async ({
		openDesk,
	}) => {
		const hostile = `<img src=x onerror="globalThis.hurt=1"> \u202e<b>turned</b>`;
		const { token } = await guarded.token({ role: "operator", name: hostile });
		const made = await guarded.ask(token, "POST", "/1/streams", streamBody({ name: `Watched ${hostile}` }));
		await guarded.ask(token, "PATCH", `/1/streams/${made.body.stream_id}`, { status: "pause" });
		const desk = await openDesk({}, guarded.service.url);
		await logIn(desk, guarded.admin);
		await desk.page.getByRole("navigation").getByRole("link", { name: "Audit" }).click();
		const rows = desk.page.getByRole("region", { name: "Records" }).getByRole("row");
		const paused = rows.filter({ hasText: made.body.stream_id }).filter({ hasText: "Pause" });
		await reads(paused, hostile);
		await reads(paused, /done/);
		await reads(rows.filter({ hasText: "Create" }).filter({ hasText: "Watched" }), hostile);
		await desk.page.getByLabel("Action").selectOption({ label: "Log in" });
		await reads(rows.nth(1), /Log in[\s\S]*first/);
		await desk.open(`stream/${made.body.stream_id}`);
		const timeline = desk.page.getByRole("region", { name: "Timeline" });
		const done = timeline.getByRole("listitem").filter({ hasText: "from 127.0.0.1" });
		await counts(done, 2);
		await reads(done.first(), hostile);
		// What is done comes in by itself.
		await guarded.ask(token, "PATCH", `/1/streams/${made.body.stream_id}`, { status: "pending" });
		await counts(done, 3);
		expect(await desk.page.evaluate("globalThis.hurt")).toBeUndefined();
		expect(await desk.page.locator('img[src="x"], main b').count()).toBe(0);
		await timeline.getByRole("link", { name: /in the audit/ }).click();
		await counts(rows, 4);
	});

	test("an operator may act; when the token is revoked, the page says that the session is over", async ({
		openDesk,
	}) => {
		const desk = await openDesk({}, guarded.service.url);
		const { token, token_id } = await guarded.token({ role: "operator" });
		await logIn(desk, token);
		await desk.open(`stream/${stream_id}`);
		await desk.page.getByRole("main").getByRole("button", { name: "Resume", exact: true }).click();
		await desk.page.getByRole("dialog").getByRole("button", { name: "Resume the stream" }).click();
		await reads(desk.page.locator("header.stream-head .status"), "Pending");
		await guarded.ask(guarded.admin, "DELETE", `/console/tokens/${token_id}`);
		await desk.badge("Logged out");
	});
});
