import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { describeDecoding } from "../tests/agent/footage.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { moves, reads, SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { createGroup, unique } from "./site/fleet.ts";
import { LIVE_GROUP } from "./site/provided.ts";

const ACCOUNT = "557d54ec-29ad-4f3c-93b4-c9092ef12515";
const HANDLER = "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b";

describeWithBrowser("a new stream", () => {
	test("what is wrong is said at its field, and the first such field has the focus", async ({ desk }) => {
		await desk.open("create");
		const form = desk.page.getByRole("main").locator("form");
		await form.getByLabel("Account id *").fill("not an account");
		await form.getByLabel("Name", { exact: true }).fill("Half done");
		await form.getByRole("button", { name: "Create the stream" }).click();
		const reference = form.getByLabel("Reference *");
		await expect.poll(() => reference.getAttribute("aria-invalid")).toBe("true");
		expect(await reference.evaluate((element) => element.matches(":focus"))).toBe(true);
		const account = form.getByLabel("Account id *");
		expect(await account.getAttribute("aria-invalid")).toBe("true");
		const hint = await account.getAttribute("aria-describedby");
		expect(await desk.page.locator(`[id="${hint}"]`).innerText()).not.toBe("");
		await form
			.getByRole("status")
			.filter({ hasText: /\d fields need a look/ })
			.waitFor();
		// Mended, it says so no more.
		await account.fill(ACCOUNT);
		await expect.poll(() => account.getAttribute("aria-invalid")).toBe("false");
	});

	test("what only the service knows is said at its field as well", async ({ desk }) => {
		desk.watcher.expect(/404/);
		await desk.open("create");
		await fillIn(desk.page, { name: "Nowhere", reference: "rtsp://camera.test/1", group: unique("no-such-group") });
		await desk.page.getByRole("button", { name: "Create the stream" }).click();
		const group = desk.page.getByLabel("Group", { exact: true });
		await expect.poll(() => group.getAttribute("aria-invalid")).toBe("true");
		await desk.sees(/not found/);
	});

	describeDecoding("that an agent can see", () => {
		test("its reference is tested before it is saved: size, rate and a frame to draw on, or the reason", async ({
			desk,
			api,
		}) => {
			const form = desk.page.getByRole("main").locator("form");
			const words = form.locator(".reference-test-words");
			const tests = () => api.count("names=Reference%20test");
			await desk.open("create");
			// Without what it needs it says so at the field.
			await form.getByRole("button", { name: "Test the reference" }).click();
			expect(await form.getByLabel("Reference *").evaluate((element) => element.matches(":focus"))).toBe(true);
			await fillIn(desk.page, { name: "Tried", reference: inject("site").camera, group: LIVE_GROUP });
			await form.getByRole("button", { name: "Test the reference" }).focus();
			await desk.press("Enter");
			await reads(words, /It works: 640 × 360 px/);
			await form.getByRole("img", { name: "The picture of the test" }).waitFor();
			await form.getByRole("img", { name: "The last picture of the stream" }).waitFor();
			// Nothing is left of it, and nothing was saved.
			expect(await tests()).toBe(0);
			expect(await api.count("names=Tried")).toBe(0);

			// Another source: what was told is not about it.
			await form.getByLabel("Reference *").fill("rtsp://127.0.0.1:1/nothing");
			await reads(words, /before anything is saved/);
			await form.getByRole("button", { name: "Test the reference" }).click();
			await reads(words, /It cannot be read\. Error \d+/);
			expect(await tests()).toBe(0);
		});

		test("a test is given up by its button, and by leaving the form", async ({ desk, api }) => {
			const tests = () => api.count("names=Reference%20test");
			const group = await createGroup(api, "nobody");
			const form = desk.page.getByRole("main").locator("form");
			await desk.open("create");
			await fillIn(desk.page, { reference: inject("site").camera, group });
			for (const giveUp of [
				() => form.getByRole("button", { name: "Stop the test" }).click(),
				() => form.getByRole("button", { name: "Cancel", exact: true }).click(),
			]) {
				await form.getByRole("button", { name: "Test the reference" }).click();
				await expect.poll(tests, { timeout: SHOWN_WITHIN }).toBe(1);
				await giveUp();
				await expect.poll(tests, { timeout: SHOWN_WITHIN }).toBe(0);
			}
		});

		test("created by form, it comes up with a picture that moves, and every record of its way", async ({ desk }) => {
			const name = unique("Gate");
			await desk.open("create");
			await fillIn(desk.page, { name, reference: inject("site").camera, group: LIVE_GROUP });
			await desk.page.getByRole("button", { name: "Create the stream" }).click();
			await desk.page.getByRole("heading", { name, level: 1 }).waitFor();
			await desk.sees("The stream is created.");
			await desk.page.getByRole("main").getByText("In progress").first().waitFor();
			const picture = desk.page.getByRole("region", { name: "Picture" });
			await picture.getByText("Live", { exact: true }).waitFor();
			const stage = picture.locator("canvas, img, svg").first();
			const before = await stage.screenshot();
			await expect.poll(async () => (await stage.screenshot()).equals(before), { timeout: 15_000 }).toBe(false);
			await desk.sees("640 × 360 px");
			await desk.open(`wall?q=${name}`);
			await moves(desk.page.getByRole("list", { name: "Pictures" }).getByRole("listitem").filter({ hasText: name }));
		});
	});

	test("a form that was begun for a group puts the stream into it", async ({ desk, api }) => {
		const group = await createGroup(api, "yard");
		await desk.open(`create?group=${group}`);
		await fillIn(desk.page, { name: "Yard", reference: "rtsp://camera.test/1" });
		await desk.page.getByRole("button", { name: "Create the stream" }).click();
		await desk.page.getByRole("heading", { name: "Yard", level: 1 }).waitFor();
		const [stream] = await api.list(`group_name=${group}`);
		expect(stream).toMatchObject({ name: "Yard", groups: [group], status: "pending" });
	});
});

async function fillIn(page: Page, { name = "", reference = "", group = "" }): Promise<void> {
	const form = page.getByRole("main").locator("form");
	await form.getByLabel("Reference *").fill(reference);
	await form.getByLabel("Name", { exact: true }).fill(name);
	await form.getByLabel("Account id *").fill(ACCOUNT);
	await form.getByLabel("Origin of the platform").fill("http://127.0.0.1:5000");
	await form.getByLabel("Best-shot handler id").fill(HANDLER);
	if (group !== "") await form.getByLabel("Group", { exact: true }).fill(group);
}
