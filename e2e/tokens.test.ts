import { afterAll, beforeAll, expect } from "vitest";
import { type GuardedService, startGuarded } from "../tests/access/access-fixture.ts";
import { ACCOUNT } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { counts, type Desk, reads, SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";

describeWithBrowser("tokens", () => {
	let guarded: GuardedService;

	beforeAll(async () => {
		guarded = await startGuarded();
	});
	afterAll(() => guarded?.[Symbol.asyncDispose]());

	const row = (desk: Desk, name: string) =>
		desk.page.getByRole("region", { name: "List of tokens" }).getByRole("row").filter({ hasText: name });

	/** Every place of a page where something could be left: its address, its stores, its text and its fields. */
	const kept = (desk: Desk) =>
		desk.page.evaluate<string>(
			`[location.href, JSON.stringify({ ...localStorage, ...sessionStorage, state: history.state }), document.cookie,
				document.documentElement.outerHTML, ...[...document.querySelectorAll("input")].map(({ value }) => value)].join("\\n")`,
		);

	test("made by keyboard, shown once with a way to copy it, and kept nowhere", async ({ openDesk }) => {
		const desk = await openDesk({ permissions: ["clipboard-read", "clipboard-write"] }, guarded.service.url);
		await desk.logIn(guarded.admin);
		await desk.wayTo("Tokens").waitFor();
		await desk.press("g", "t");
		await reads(row(desk, "first"), /first[\s\S]*admin[\s\S]*all[\s\S]*all[\s\S]*never[\s\S]*Valid/);
		await desk.press("n");
		const form = desk.page.getByRole("dialog", { name: "Make a token" });
		const send = form.getByRole("button", { name: "Make the token" });
		expect(await send.isDisabled()).toBe(true);
		await desk.page.keyboard.type("night shift");
		await desk.press("Tab", "ArrowDown", "Tab");
		await reads(form, /Who shows it reads, and creates, changes, links and deletes streams and groups\./);
		await desk.page.keyboard.type(`${ACCOUNT} nobody`);
		await reads(form, /nobody: Must be an id/);
		expect(await send.isDisabled()).toBe(true);
		for (const _ of " nobody") await desk.press("Backspace");
		await desk.press("Tab");
		await desk.page.keyboard.type("hall, gate, yard");
		await desk.press("Tab", "ArrowDown", "ArrowDown");
		await reads(form, /It is for 1 account, 3 groups\./);
		await desk.press("Tab", "Tab", "Enter");

		const shown = desk.page.getByRole("dialog", { name: "The token is made" });
		await reads(shown, /It will not be shown again/);
		const secret = await shown.getByLabel("Token night shift").inputValue();
		expect(secret).toMatch(/^perigee_[\w-]{51}$/);
		// Neither of these may take it away by mistake.
		await desk.press("Escape");
		await desk.page.mouse.click(5, 300);
		await shown.getByRole("button", { name: "Copy" }).press("Enter");
		await reads(shown.getByRole("status"), "Copied.");
		expect(await desk.page.evaluate("navigator.clipboard.readText()")).toBe(secret);
		await shown.getByRole("button", { name: "Close" }).press("Enter");
		await counts(desk.page.locator("dialog"), 0);
		expect(await kept(desk)).not.toContain(secret.slice(16));
		const focused = desk.page.getByRole("button", { name: "Make a token" });
		expect(await focused.evaluate((element) => element.matches(":focus"))).toBe(true);

		const made = row(desk, "night shift");
		await reads(made, /operator[\s\S]*557d54ec-29ad-4f3c-93b4-c9092ef12515[\s\S]*3 groups[\s\S]*never[\s\S]*Valid/);
		await reads(made, secret.slice(0, 16));
		await made.getByText("3 groups").click();
		await reads(made, "hall, gate, yard");
		const me = await guarded.ask(secret, "GET", "/console/me");
		expect(me.body).toMatchObject({ role: "operator", accounts: [ACCOUNT], groups: ["hall", "gate", "yard"] });
		const { tokens } = (await guarded.ask(guarded.admin, "GET", "/console/tokens?page_size=1000")).body;
		const { create_time, expire_time } = tokens.find((each: { name: string }) => each.name === "night shift");
		expect((Date.parse(expire_time) - Date.parse(create_time)) / 86_400_000).toBeCloseTo(30, 2);

		await desk.open("streams");
		await desk.page.goBack();
		await row(desk, "night shift").waitFor();
		expect(await kept(desk)).not.toContain(secret.slice(16));
		expect(await desk.page.getByRole("dialog").count()).toBe(0);
	});

	test("where the browser does not let the page copy, the token is selected instead", async ({ openDesk }) => {
		const desk = await openDesk({}, guarded.service.url);
		await desk.page.addInitScript(`Object.defineProperty(navigator, "clipboard", { value: undefined })`);
		await desk.logIn(guarded.admin);
		await desk.open("tokens");
		await desk.page.getByRole("button", { name: "Make a token" }).click();
		await desk.page.getByRole("dialog").getByLabel("Name").fill("by hand");
		await desk.press("Enter");
		const shown = desk.page.getByRole("dialog", { name: "The token is made" });
		await shown.getByRole("button", { name: "Copy" }).click();
		await reads(shown.getByRole("status"), /The token is selected: copy it by hand/);
		const selected = await desk.page.evaluate("getSelection().toString()");
		expect(selected).toBe(await shown.getByLabel("Token by hand").inputValue());
	});

	test("what the service refuses stands at its field, and what was filled in stays", async ({ openDesk }) => {
		const desk = await openDesk({}, guarded.service.url);
		desk.watcher.expect(/400/);
		await desk.logIn(guarded.admin);
		await desk.open("tokens");
		await row(desk, "first").waitFor();
		await desk.press("n");
		const form = desk.page.getByRole("dialog", { name: "Make a token" });
		// What no database keeps, and no keyboard types.
		await form.getByLabel("Name").fill("for\0ever");
		await form.getByLabel("Expires").selectOption("At a moment …");
		await form.getByLabel("Moment").fill("2020-01-01T00:00");
		await reads(form, /That is over already\./);
		await form.getByLabel("Moment").fill("2090-01-01T00:00");
		await form.getByRole("button", { name: "Make the token" }).click();
		await reads(form.getByRole("alert"), "The token is not made: see what is marked above.");
		const name = form.getByLabel("Name");
		expect(await name.getAttribute("aria-invalid")).toBe("true");
		const words = desk.page.locator(`[id="${await name.getAttribute("aria-describedby")}"]`);
		await reads(words, "must not hold U+0000 or half of a surrogate pair");
		expect(await form.getByLabel("Moment").inputValue()).toBe("2090-01-01T00:00");
		await name.fill("for ever");
		expect(await name.getAttribute("aria-invalid")).toBe("false");
		await desk.escape();
		await counts(row(desk, "for ever"), 0);
	});

	test("one is revoked when the question is answered, and says so plainly; whatever its name is, is text", async ({
		openDesk,
	}) => {
		const hostile = `<img src=x onerror="globalThis.hurt=1"> \u202e<b>turned</b>`;
		const { token } = await guarded.token({ role: "operator", name: hostile });
		await guarded.token({ name: "run out", expire_time: "2026-01-01T00:00:00Z" });
		const desk = await openDesk({}, guarded.service.url);
		await desk.logIn(guarded.admin);
		await desk.open("tokens?find=turned");
		const one = row(desk, "turned");
		await one.getByRole("button", { name: /^Revoke/ }).press("Enter");
		const question = desk.page.getByRole("dialog", { name: /^Revoke the token/ });
		await reads(question, /Whoever shows it is refused from now on, on every node/);
		await desk.escape();
		expect((await guarded.ask(token, "GET", "/console/me")).status).toBe(200);
		await one.getByRole("button", { name: /^Revoke/ }).click();
		await question.getByRole("button", { name: "Revoke the token" }).click();
		await reads(one, /Revoked/);
		await counts(one.getByRole("button"), 0);
		expect((await guarded.ask(token, "GET", "/console/me")).status).toBe(401);
		expect(await desk.page.evaluate("globalThis.hurt")).toBeUndefined();

		await desk.page.getByLabel("State").selectOption("Expired");
		await desk.sees("No token matches.");
		await desk.page.getByLabel("Name or beginning").fill("");
		await reads(row(desk, "run out"), /Expired/);
		await counts(row(desk, "turned"), 0);
		expect(desk.address).toBe("tokens?standing=expired");
		// A whole token that somebody looks for is a secret, and stays out of the address.
		await desk.page.getByLabel("Name or beginning").fill(guarded.admin);
		await expect.poll(() => desk.address, { timeout: SHOWN_WITHIN }).toContain(guarded.admin.slice(0, 16));
		expect(await kept(desk)).not.toContain(guarded.admin.slice(16));
	});

	test("the page says when the list cannot be read, and asks again", async ({ openDesk }) => {
		const desk = await openDesk({}, guarded.service.url);
		desk.watcher.expect(/failed|ERR_FAILED/);
		await desk.logIn(guarded.admin);
		const answers = (url: URL) => url.pathname === "/console/tokens";
		await desk.page.route(answers, (route) => route.abort("failed"));
		await desk.wayTo("Tokens").click();
		const ask = desk.page.getByRole("alert").getByRole("button", { name: "Ask again" });
		await ask.waitFor();
		await desk.page.unroute(answers);
		await ask.click();
		await row(desk, "first").waitFor();
		await ask.waitFor({ state: "detached" });
	});
});

describeWithBrowser("where access is not controlled", () => {
	test("tokens are not offered", async ({ desk }) => {
		await desk.open("streams");
		await desk.wayTo("Audit").waitFor();
		await counts(desk.wayTo("Tokens"), 0);
		await counts(desk.page.getByRole("button", { name: "Log out" }), 0);
		await desk.open("tokens");
		await desk.sees("Access is not controlled here (AUTH.MODE none)");
	});
});
