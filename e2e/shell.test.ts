import { expect } from "vitest";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";

describeWithBrowser("around every place", () => {
	test("the console opens at the streams, and says that it is live", async ({ desk }) => {
		await desk.page.goto(`${desk.url}/`);
		await desk.connected();
		expect(await desk.page.title()).toBe("Streams · Perigee");
		expect(await desk.page.getByRole("main").getAttribute("aria-label")).toBe("Streams");
	});

	test("g and a letter leads to every place, and the browser's back and forward follow", async ({ desk }) => {
		await desk.open("streams");
		await desk.wayTo("Nodes").waitFor();
		const places = { w: "Wall", g: "Groups", q: "Queue", l: "Logs", n: "Nodes", c: "Create", s: "Streams" };
		for (const [letter, title] of Object.entries(places)) {
			await desk.press("g", letter);
			await desk.page.getByRole("main", { name: title, exact: true }).waitFor();
			const here = desk.page.getByRole("navigation", { name: "Places" }).locator("[aria-current=page]");
			expect(await here.innerText()).toBe(title);
		}
		await desk.page.goBack();
		await desk.page.getByRole("main", { name: "Create", exact: true }).waitFor();
		await desk.page.goBack();
		await desk.page.getByRole("main", { name: "Nodes", exact: true }).waitFor();
		await desk.page.goForward();
		await desk.page.getByRole("main", { name: "Create", exact: true }).waitFor();
	});

	test("? lists the shortcuts of the place, Escape closes it, and the focus is back where it was", async ({ desk }) => {
		await desk.open("streams");
		const button = desk.page.getByRole("button", { name: "Shortcuts" });
		await button.focus();
		await desk.press("?");
		const help = desk.page.getByRole("dialog", { name: "Shortcuts" });
		await help.getByText("Go to Wall").waitFor();
		await help.getByText("Change the theme").waitFor();
		await desk.press("Escape");
		await help.waitFor({ state: "detached" });
		expect(await button.evaluate((element) => element.matches(":focus"))).toBe(true);
	});

	test("a theme is chosen by t, kept after a reload, and the system's is followed at once", async ({ desk }) => {
		await desk.page.emulateMedia({ colorScheme: "light" });
		await desk.open("streams");
		const ground = () => desk.page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
		const light = await ground();
		await desk.page.emulateMedia({ colorScheme: "dark" });
		await expect.poll(ground, { timeout: SHOWN_WITHIN }).not.toBe(light);
		const dark = await ground();
		// System, dark, light, and around.
		await desk.press("t");
		await desk.page.getByRole("button", { name: "Dark theme" }).waitFor();
		await desk.page.emulateMedia({ colorScheme: "light" });
		expect(await ground()).toBe(dark);
		await desk.press("t");
		await desk.page.getByRole("button", { name: "Light theme" }).waitFor();
		await desk.page.reload();
		await desk.connected();
		await desk.page.emulateMedia({ colorScheme: "dark" });
		expect(await ground()).toBe(light);
		await desk.page.getByRole("button", { name: "Light theme" }).waitFor();
	});

	test("an address that leads nowhere says so, and shows a way", async ({ desk }) => {
		await desk.open("nowhere/at/all?x=%ff");
		await desk.sees("There is no such place here.");
		await desk.page.getByRole("link", { name: "Go to the streams" }).click();
		await desk.page.getByRole("main", { name: "Streams", exact: true }).waitFor();
	});
});
