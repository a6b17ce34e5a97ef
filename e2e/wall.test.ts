import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { describeDecoding } from "../tests/agent/footage.ts";
import { ApiClient } from "../tests/main-job/api-client.ts";
import { streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { counts, moves, reads, SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { createGroup, createStreams, failure, report, run, unique } from "./site/fleet.ts";
import { LIVE_GROUP } from "./site/provided.ts";

const tiles = (page: Page): Locator => page.getByRole("list", { name: "Pictures" }).getByRole("listitem");

/** The page's tab goes behind another one, or comes back: a browser without windows shows every tab. */
async function see(page: Page, seen: boolean): Promise<void> {
	await page.evaluate(`(() => {
		Object.defineProperty(document, "hidden", { configurable: true, get: () => ${!seen} });
		Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "${seen ? "visible" : "hidden"}" });
		document.dispatchEvent(new Event("visibilitychange"));
	})()`);
}

describeWithBrowser("the wall", () => {
	test("problems come first, each with its reason; what waits says so", async ({ desk, api }) => {
		const group = await createGroup(api, "wall");
		const [, , third = ""] = await createStreams(api, group, ["Calm", "Waits", "Broken"]);
		await run(api, [third]);
		await report(api, [third], "failure", failure("Lens is covered", "black for 30 s", 1204));
		await desk.open(`wall?q=group:${group}`);
		await counts(tiles(desk.page), 3);
		await reads(tiles(desk.page).first(), /Broken/);
		await reads(tiles(desk.page).first(), /1204 Lens is covered/);
		await reads(tiles(desk.page).nth(1), /Pending/);
	});

	describeDecoding("of real cameras", () => {
		const name = unique("Eye");
		const ids: string[] = [];
		let api: ApiClient;

		beforeAll(async () => {
			api = new ApiClient(inject("site").url);
			const data = { type: "tcp", reference: inject("site").camera };
			for (const number of [1, 2])
				ids.push(await api.create(streamBody({ name: `${name} ${number}`, group_name: LIVE_GROUP, data })));
		});
		afterAll(async () => {
			for (const id of ids) await api.expect(204, "DELETE", `/1/streams/${id}`);
			api.close();
		});

		test("streams come up with pictures that move, and are live where somebody looks", async ({ desk }) => {
			await desk.open(`wall?q=${name}`);
			await counts(tiles(desk.page), 2);
			const tile = tiles(desk.page).first();
			await moves(tile);
			expect(await tile.getAttribute("data-rate")).toBe("still");
			await tile.hover();
			await expect.poll(() => tile.getAttribute("data-rate"), { timeout: SHOWN_WITHIN }).toBe("live");
			await reads(tile, /live/);
			await reads(tile, /15 fps|1\d(\.\d)? fps/);
		});

		test("by keyboard: to a picture, enlarged, live, and back to where one was", async ({ desk }) => {
			await desk.open(`wall?q=${name}`);
			await counts(tiles(desk.page), 2);
			await tiles(desk.page).first().locator("canvas").waitFor();
			await desk.press("ArrowRight", "ArrowRight", "Enter");
			const dialog = desk.page.getByRole("dialog", { name });
			await dialog.waitFor();
			await moves(dialog);
			await desk.press("Escape");
			await dialog.waitFor({ state: "detached" });
			expect(await desk.page.evaluate("document.activeElement?.className")).toBe("tile-zoom");
		});

		test("who leaves the wall asks for no picture any more", async ({ desk }) => {
			const wanted = () => desk.watcher.said.findLast((said) => said.includes('"op":"pictures"'));
			await desk.open(`wall?q=${name}`);
			await moves(tiles(desk.page).first());
			expect(wanted()).toContain(ids[0]);
			await desk.press("g", "q");
			await desk.page.getByRole("heading", { name: "Queue" }).waitFor();
			await expect.poll(wanted, { timeout: SHOWN_WITHIN }).toBe('{"op":"pictures","streams":[]}');
		});

		test("full screen shows the pictures alone, by key and by button, and leads back", async ({ desk }) => {
			const isFull = () =>
				desk.page.evaluate<boolean>("document.fullscreenElement === document.querySelector('main .wall')");
			await desk.open(`wall?q=${name}`);
			await counts(tiles(desk.page), 2);
			await desk.press("f");
			await expect.poll(isFull, { timeout: SHOWN_WITHIN }).toBe(true);
			const button = desk.page.getByRole("button", { name: "Full screen" });
			await button.waitFor({ state: "hidden" });
			expect(await desk.page.getByRole("combobox", { name: "Search streams" }).isVisible()).toBe(false);
			expect(await tiles(desk.page).count()).toBe(2);
			await moves(tiles(desk.page).first());
			// What a tile leads to is seen there as well.
			await desk.press("ArrowRight", "Enter");
			const dialog = desk.page.getByRole("dialog", { name });
			await moves(dialog);
			await desk.press("Escape");
			await dialog.waitFor({ state: "detached" });
			await desk.press("f");
			await expect.poll(isFull, { timeout: SHOWN_WITHIN }).toBe(false);
			await button.click();
			await expect.poll(isFull, { timeout: SHOWN_WITHIN }).toBe(true);
			await desk.press("f");
			await button.waitFor();
			expect(await tiles(desk.page).count()).toBe(2);
		});

		test("a tab that is not seen asks for no pictures; seen again, they move, and everything is what is", async ({
			desk,
		}) => {
			const wanted = () => desk.watcher.said.findLast((said) => said.includes('"op":"pictures"'));
			await desk.open(`wall?q=${name}`);
			await counts(tiles(desk.page), 2);
			const tile = tiles(desk.page).first();
			await moves(tile);
			await see(desk.page, false);
			await expect.poll(wanted, { timeout: SHOWN_WITHIN }).toBe('{"op":"pictures","streams":[]}');
			// Whoever scrolls, hovers or zooms by a script there gets none either.
			await tile.hover();
			await expect.poll(() => tile.getAttribute("data-rate"), { timeout: SHOWN_WITHIN }).toBe("live");
			expect(wanted()).toBe('{"op":"pictures","streams":[]}');
			await api.expect(204, "PATCH", `/1/streams/${ids[1]}`, { description: "While nobody looked" });
			await see(desk.page, true);
			await expect.poll(wanted, { timeout: SHOWN_WITHIN }).toContain(ids[0]);
			await moves(tile);
			await desk.connected();
		});

		test("a tab that the browser has frozen shows the newest state when it is thawed", async ({ desk }) => {
			await desk.open(`wall?q=${name}`);
			const tile = tiles(desk.page).filter({ hasText: `${name} 2` });
			await moves(tile);
			const session = await desk.context.newCDPSession(desk.page);
			await session.send("Page.setWebLifecycleState", { state: "frozen" });
			await api.expect(204, "PATCH", `/1/streams/${ids[1]}`, { status: "pause" });
			await session.send("Page.setWebLifecycleState", { state: "active" });
			await desk.page.bringToFront();
			await reads(tile, /Paused/);
			await api.expect(204, "PATCH", `/1/streams/${ids[1]}`, { status: "pending" });
			await moves(tile);
			await desk.connected();
		});

		test("paused, its picture goes; resumed, it is back", async ({ desk }) => {
			await desk.open(`wall?q=${name}`);
			const tile = tiles(desk.page).filter({ hasText: `${name} 1` });
			await moves(tile);
			await api.expect(204, "PATCH", `/1/streams/${ids[0]}`, { status: "pause" });
			await reads(tile, /Paused/);
			await tile.locator("canvas").waitFor({ state: "hidden" });
			await api.expect(204, "PATCH", `/1/streams/${ids[0]}`, { status: "pending" });
			await moves(tile);
		});
	});
});
