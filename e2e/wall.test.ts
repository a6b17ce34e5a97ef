import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { describeDecoding } from "../tests/agent/footage.ts";
import { ApiClient } from "../tests/main-job/api-client.ts";
import { streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { counts, reads, SHOWN_WITHIN } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { createGroup, createStreams, failure, report, run, unique } from "./site/fleet.ts";
import { LIVE_GROUP } from "./site/provided.ts";

const tiles = (page: Page): Locator => page.getByRole("list", { name: "Pictures" }).getByRole("listitem");

/** Its picture is another one than it was. */
async function moves(tile: Locator): Promise<void> {
	const picture = tile.locator("canvas");
	await picture.waitFor();
	const before = await picture.screenshot();
	await expect.poll(async () => (await picture.screenshot()).equals(before), { timeout: SHOWN_WITHIN }).toBe(false);
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
