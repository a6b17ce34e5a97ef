import { afterAll, beforeAll, expect } from "vitest";
import { type GuardedService, startGuarded } from "../tests/access/access-fixture.ts";
import { Provider } from "../tests/access/provider.ts";
import { streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { counts, reads, SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";

describeWithBrowser("with access control", () => {
	let guarded: GuardedService;
	let provider: Provider;
	let stream_id = "";

	beforeAll(async () => {
		provider = await Provider.start();
		guarded = await startGuarded({
			AUTH__JWT__JWKS_URL: provider.url,
			AUTH__JWT__ISSUER: provider.issuer,
			AUTH__JWT__AUDIENCE: provider.audience,
		});
		const { body } = await guarded.ask(guarded.admin, "POST", "/1/streams", streamBody({ name: "Guarded" }));
		stream_id = body.stream_id;
	});
	afterAll(async () => {
		await guarded?.[Symbol.asyncDispose]();
		await provider?.stop();
	});

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

	test("a JWT of the provider logs in, however long it is; what is longer than any is not sent", async ({
		openDesk,
	}) => {
		const desk = await openDesk({}, guarded.service.url);
		const jwt = await provider.sign({ preferred_username: "Ann", roles: ["operator"], more: "x".repeat(2500) });
		expect(jwt.length).toBeGreaterThan(3000);
		await desk.logIn(jwt);
		await reads(desk.page.getByRole("banner"), /Log out/);
		expect(await desk.page.getByRole("button", { name: "Log out" }).getAttribute("title")).toBe("Ann (operator)");
		await desk.context.clearCookies();
		await desk.page.reload();
		const dialog = desk.page.getByRole("dialog", { name: "Log in" });
		await dialog.getByLabel("Token").fill("x".repeat(4097));
		await desk.press("Enter");
		await reads(dialog.getByRole("alert"), "That is too long: at most 4,096 characters; these are 4,097.");
		expect(await dialog.getByLabel("Token").inputValue()).toHaveLength(4097);
	});

	test("logging out ends the session of this browser, and everywhere those of the other browsers, too", async ({
		openDesk,
	}) => {
		const { token } = await guarded.token({ role: "operator", name: "day shift" });
		const [here, there, other] = [
			await openDesk({}, guarded.service.url),
			await openDesk({}, guarded.service.url),
			await openDesk({}, guarded.service.url),
		];
		await here.logIn(token);
		await there.logIn(token);
		await other.logIn(guarded.admin);
		const menu = here.page.getByRole("button", { name: "Log out", exact: true });
		await menu.focus();
		await here.press("Enter");
		await here.page.getByText("day shift (operator)").waitFor();
		await here.page.getByRole("button", { name: "Log out of this browser" }).click();
		await here.page.getByRole("dialog", { name: "Log in" }).waitFor();
		await there.badge("Live");

		await here.logIn(token);
		await menu.focus();
		// By keyboard alone: the second choice of the menu, a question, and yes.
		await here.press("Enter", "Tab", "Tab", "Enter");
		const question = here.page.getByRole("dialog", { name: "Log out everywhere?" });
		await reads(question, /Every session of day shift ends, in all browsers and on every node, this one too\./);
		await here.escape();
		expect(await menu.evaluate((element) => element.matches(":focus"))).toBe(true);
		await here.press("Enter");
		await here.page.getByRole("button", { name: "Log out everywhere …" }).click();
		await question.getByRole("button", { name: "Log out everywhere" }).click();
		await here.page.getByRole("dialog", { name: "Log in" }).waitFor();
		await here.badge("Logged out");
		await there.badge("Logged out");
		await there.page.getByRole("dialog", { name: "Log in" }).waitFor();
		await other.badge("Live");
		expect((await guarded.ask(token, "GET", "/console/me")).status).toBe(200);
	});

	test("who sees a part of the streams, or takes them, is offered nothing that concerns the whole", async ({
		openDesk,
	}) => {
		const { token: apart } = await guarded.token({ role: "operator", groups: ["nowhere"] });
		const operator = await openDesk({}, guarded.service.url);
		await operator.logIn(apart);
		await operator.wayTo("Create").waitFor();
		await operator.page.getByRole("link", { name: "Create one" }).waitFor();
		for (const place of ["Nodes", "Audit", "Tokens"]) await counts(operator.wayTo(place), 0);
		await operator.press("?");
		const help = operator.page.getByRole("dialog", { name: "Shortcuts" });
		await help.getByText("Go to Create").waitFor();
		for (const place of ["Nodes", "Audit", "Tokens"]) await counts(help.getByText(`Go to ${place}`), 0);
		await operator.escape();
		await operator.press("g", "n");
		await operator.page.getByRole("main", { name: "Streams", exact: true }).waitFor();
		await operator.open("nodes");
		await operator.sees("Only viewers, operators and administrators of the whole service may look at its nodes.");

		const { token: taker } = await guarded.token({ role: "agent", groups: ["nowhere"] });
		const agent = await openDesk({}, guarded.service.url);
		await agent.logIn(taker);
		await agent.sees("There are no streams yet.");
		await counts(agent.page.getByRole("link", { name: "Create one" }), 0);
		for (const place of ["Nodes", "Audit", "Tokens", "Create"]) await counts(agent.wayTo(place), 0);
		await agent.wayTo("Queue").click();
		await agent.page.getByRole("heading", { name: "Queue" }).waitFor();

		// Of no account at all: whatever it would create is somebody else's.
		const { token: nobody } = await guarded.token({ role: "operator", accounts: [] });
		const idle = await openDesk({}, guarded.service.url);
		await idle.logIn(nobody);
		await idle.sees("There are no streams yet.");
		await counts(idle.wayTo("Create"), 0);
		await idle.wayTo("Groups").click();
		await idle.sees("There are no groups yet.");
		await counts(idle.page.getByRole("button", { name: "Create a group" }), 0);
	});

	test("a viewer sees everything live, and is offered nothing that would be refused", async ({ openDesk }) => {
		const desk = await openDesk({}, guarded.service.url);
		const { token } = await guarded.token({ role: "viewer" });
		await desk.logIn(token);
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
		await desk.wayTo("Nodes").waitFor();
		for (const place of ["Audit", "Tokens", "Create"]) await counts(desk.wayTo(place), 0);
		await desk.press("?");
		const help = desk.page.getByRole("dialog", { name: "Shortcuts" });
		await help.getByText("Copy it as a curl command").waitFor();
		for (const words of ["Pause it", "Delete it", "Edit its description", "Go to Create"])
			await counts(help.getByText(words), 0);
		await desk.escape();
		await desk.open("audit");
		await desk.sees("Only administrators of the whole service may read the audit.");
		await desk.open("tokens");
		await desk.sees("Only administrators of the whole service may read, make and revoke tokens.");
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
		await desk.logIn(guarded.admin);
		await desk.wayTo("Audit").click();
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
		await desk.logIn(token);
		await desk.open(`stream/${stream_id}`);
		await desk.page.getByRole("main").getByRole("button", { name: "Resume", exact: true }).click();
		await desk.page.getByRole("dialog").getByRole("button", { name: "Resume the stream" }).click();
		await reads(desk.page.locator("header.stream-head .status"), "Pending");
		await guarded.ask(guarded.admin, "DELETE", `/console/tokens/${token_id}`);
		await desk.badge("Logged out");
	});
});
