import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { counts, reads } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { createGroup, createStreams, failure, report, run, unique } from "./site/fleet.ts";

const rows = (page: Page): Locator => page.getByRole("row").filter({ has: page.getByRole("gridcell") });
const rowOf = (page: Page, name: string): Locator => rows(page).filter({ hasText: name });
const toolbar = (page: Page): Locator => page.getByRole("toolbar", { name: "What is selected" });
const dialog = (page: Page): Locator => page.getByRole("dialog");
const search = (page: Page): Locator => page.getByRole("combobox", { name: "Search streams" });

describeWithBrowser("the table of streams", () => {
	test("what happens to a stream is seen in its row, in place", async ({ desk, api }) => {
		const group = await createGroup(api, "hall");
		const [first = "", second = ""] = await createStreams(api, group, ["Door", "Stairs"]);
		await desk.open(`streams?q=group:${group}&order=oldest`);
		await counts(rows(desk.page), 2);
		const [door, stairs] = [rowOf(desk.page, "Door"), rowOf(desk.page, "Stairs")];
		await reads(door, /Pending/);
		await run(api, [first, second], { video_info: { frame_rate: 25, width: 640, height: 360 } });
		await reads(door, /In progress/);
		await reads(door, /25 fps/);
		await report(api, [first], "failure", failure("Lens is covered", "black for 30 s", 1204));
		await reads(door, /Failure/);
		await reads(door, /1204 Lens is covered: black for 30 s/);
		await reads(stairs, /In progress/);
		// Nothing jumped: the order is still the one that was asked for.
		expect((await rows(desk.page).allInnerTexts()).map((text) => /Door|Stairs/.exec(text)?.[0])).toEqual([
			"Door",
			"Stairs",
		]);
	});

	test("what is new is offered, and shown when it is asked for", async ({ desk, api }) => {
		const group = await createGroup(api, "dock");
		await createStreams(api, group, ["One"]);
		await desk.open(`streams?q=group:${group}&order=oldest`);
		await counts(rows(desk.page), 1);
		await createStreams(api, group, ["Two", "Three"]);
		await desk.page.getByRole("button", { name: /2 new/ }).waitFor();
		expect(await rows(desk.page).count()).toBe(1);
		await desk.press(".");
		await counts(rows(desk.page), 3);
	});

	test("filters stand in the address: typed, chosen, loaded anew, and back and forward lead to them", async ({
		desk,
		api,
	}) => {
		const group = await createGroup(api, "gallery");
		const [north = ""] = await createStreams(api, group, ["North wall", "South wall", "North door"]);
		await run(api, [north]);
		await desk.open("streams");
		await desk.press("/");
		await desk.page.keyboard.type(`group:${group} north`);
		await counts(rows(desk.page), 2);
		await desk.page
			.getByRole("group", { name: "Streams by status" })
			.getByRole("button", { name: "In progress" })
			.click();
		await counts(rows(desk.page), 1);
		await reads(rows(desk.page).first(), /North wall/);
		const query = new URLSearchParams(desk.address.split("?")[1]).get("q");
		expect(query).toBe(`status:in_progress group:${group} north`);
		await rows(desk.page).first().getByRole("link").click();
		await desk.page.getByRole("heading", { name: "North wall", level: 1 }).waitFor();
		await desk.page.goBack();
		await counts(rows(desk.page), 1);
		expect(await search(desk.page).inputValue()).toBe(query);
		await desk.page.goForward();
		await desk.page.getByRole("heading", { name: "North wall", level: 1 }).waitFor();
		await desk.page.goBack();
		await desk.page.reload();
		await counts(rows(desk.page), 1);
		await reads(rows(desk.page).first(), /North wall/);
	});

	test("a counter leaves a step to go back, and a search is still there after a look at another place", async ({
		desk,
		api,
	}) => {
		const group = await createGroup(api, "pier");
		const [first = ""] = await createStreams(api, group, ["Pier 1", "Pier 2"]);
		await run(api, [first]);
		await desk.open(`streams?q=group:${group}`);
		await counts(rows(desk.page), 2);
		const counter = desk.page
			.getByRole("group", { name: "Streams by status" })
			.getByRole("button", { name: "Pending" });
		await counter.click();
		await counts(rows(desk.page), 1);
		await desk.page.goBack();
		await counts(rows(desk.page), 2);
		await desk.page.goForward();
		await counts(rows(desk.page), 1);
		await desk.press("g", "q");
		await desk.page.getByRole("main", { name: "Queue", exact: true }).waitFor();
		await desk.press("g", "s");
		await counts(rows(desk.page), 1);
		expect(await search(desk.page).inputValue()).toBe(`status:pending group:${group}`);
		// Where one is already, the same keys show all of it.
		await desk.press("g", "s");
		await expect.poll(() => search(desk.page).inputValue()).toBe("");
		await desk.page.goBack();
		await counts(rows(desk.page), 1);
	});

	test("a search that cannot be meant shows nothing new, says why, and never acts on more than it says", async ({
		desk,
		api,
	}) => {
		const group = await createGroup(api, "attic");
		await createStreams(api, group, ["Attic"]);
		await desk.open(`streams?q=group:${group}`);
		await counts(rows(desk.page), 1);
		await desk.press("Shift+A");
		await toolbar(desk.page).waitFor();
		await search(desk.page).fill(`group:${group} status:broken`);
		await desk.sees(/"broken" is none of/);
		await expect.poll(() => toolbar(desk.page).getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
	});

	test("an action on a selection says exactly how many and which, and what came of each", async ({ desk, api }) => {
		const group = await createGroup(api, "tower");
		const ids = await createStreams(api, group, ["A1", "A2", "A3"]);
		const [video = ""] = await createStreams(api, group, ["Tape"], {
			data: { type: "videofile", reference: "/video/day.mp4" },
		});
		await run(api, [video]);
		await desk.open(`streams?q=group:${group}&order=oldest`);
		await counts(rows(desk.page), 4);
		await rowOf(desk.page, "A1").getByRole("checkbox").click();
		await rowOf(desk.page, "A2").getByRole("checkbox").click();
		await rowOf(desk.page, "Tape").getByRole("checkbox").click();
		await reads(toolbar(desk.page), /3 streams selected/);
		await toolbar(desk.page).getByRole("button", { name: "Pause" }).click();
		await reads(dialog(desk.page), /Pause 3 streams/);
		await reads(dialog(desk.page), /A1, A2 and Tape/);
		await reads(dialog(desk.page), /2 pending/);
		await reads(dialog(desk.page), /1 in progress/);
		await dialog(desk.page).getByRole("button", { name: "Pause 3 streams" }).click();
		await reads(dialog(desk.page), /Finished: 2 done, 1 refused/);
		const problems = dialog(desk.page).getByRole("list", { name: "What was not done" });
		await reads(problems, /Tape.*already in progress and cannot be stopped/s);
		await dialog(desk.page).getByRole("button", { name: "Close" }).click();
		await reads(rowOf(desk.page, "A1"), /Paused/);
		await reads(rowOf(desk.page, "A2"), /Paused/);
		await reads(rowOf(desk.page, "A3"), /Pending/);
		await reads(rowOf(desk.page, "Tape"), /In progress/);
		expect((await api.get(ids[2]!)).status).toBe("pending");
	});

	test("an action on all that match takes those that matched when it was asked, and no others", async ({
		desk,
		api,
	}) => {
		const group = await createGroup(api, "ring");
		const names = Array.from({ length: 120 }, (_, at) => `Ring ${at}`);
		await createStreams(api, group, names);
		await desk.open(`streams?q=group:${group}`);
		await desk.sees("120 streams");
		await desk.press("Shift+A");
		await reads(toolbar(desk.page), /All 120 streams that match/);
		await toolbar(desk.page).getByRole("button", { name: "Cancel", exact: true }).click();
		await reads(dialog(desk.page), /Cancel 120 streams/);
		await reads(dialog(desk.page), /and 110 more/);
		// Between the question and the answer one more comes.
		const [late = ""] = await createStreams(api, group, ["Late"]);
		await dialog(desk.page).getByRole("button", { name: "Cancel 120 streams" }).click();
		await reads(dialog(desk.page), /Finished: 120 done/);
		expect((await api.get(late)).status).toBe("pending");
		expect(await api.count(`group_name=${group}&statuses=cancel`)).toBe(120);
	});

	test("by keyboard alone: found, selected, attached to a group and detached again", async ({ desk, api }) => {
		const from = await createGroup(api, "cellar");
		const to = await createGroup(api, "night");
		const ids = await createStreams(api, from, ["K1", "K2", "K3"]);
		await desk.open("streams?order=oldest");
		await desk.press("/");
		await desk.page.keyboard.type(`group:${from}`);
		await counts(rows(desk.page), 3);
		await desk.press("Escape", "Escape", "j", "x", "j", "x");
		await reads(toolbar(desk.page), /2 streams selected/);
		await desk.press("a");
		await reads(dialog(desk.page), /Attach 2 streams/);
		const choice = dialog(desk.page).getByRole("combobox", { name: "Group" });
		await choice.waitFor();
		for (let at = 0; at < 5 && !(await choice.evaluate((element) => element.matches(":focus"))); at++)
			await desk.press("Tab");
		// As a keyboard does it: the beginning of the name chooses.
		await desk.page.keyboard.type(to);
		expect(await choice.locator("option:checked").innerText()).toBe(to);
		const confirm = dialog(desk.page).getByRole("button", { name: "Attach 2 streams" });
		for (let at = 0; at < 5 && !(await confirm.evaluate((element) => element.matches(":focus"))); at++)
			await desk.press("Tab");
		await desk.press("Enter");
		await reads(dialog(desk.page), /Finished: 2 done/);
		await desk.press("Escape");
		await dialog(desk.page).waitFor({ state: "detached" });
		await reads(rowOf(desk.page, "K1"), new RegExp(to));
		expect((await api.get(ids[0]!)).groups.toSorted()).toEqual([from, to].toSorted());
		expect((await api.get(ids[2]!)).groups).toEqual([from]);
		await desk.press("Escape", "Home", "Enter");
		await desk.page.getByRole("heading", { name: "K1", level: 1 }).waitFor();
	});

	test("only the rows on the screen are in the page, and the keyboard reaches all others", async ({ desk, api }) => {
		const group = await createGroup(api, "long");
		await createStreams(
			api,
			group,
			Array.from({ length: 60 }, (_, at) => `Long ${at}`),
		);
		await desk.open(`streams?q=group:${group}&order=oldest`);
		await desk.sees("60 streams");
		expect(await rows(desk.page).count()).toBeLessThan(50);
		await desk.page.getByRole("grid", { name: "Streams" }).focus();
		await desk.press("End");
		await reads(desk.page.getByRole("grid", { name: "Streams" }), /Long 59/);
	});

	test("a search is saved under a name, and another operator opens it", async ({ openDesk, api }) => {
		const [anna, ben] = [await openDesk(), await openDesk()];
		const group = await createGroup(api, "saved");
		await createStreams(api, group, ["Kept in view"]);
		const name = `${group} <b>first</b>`;
		await anna.open(`streams?q=group:${group}&order=newest`);
		await counts(rows(anna.page), 1);
		await anna.page.getByRole("button", { name: "Views" }).click();
		await anna.page.getByRole("textbox", { name: "Name" }).fill(name);
		await anna.press("Enter");
		await anna.sees(`Saved as "${name}".`);
		await ben.open("streams");
		await ben.page.getByRole("button", { name: "Views" }).click();
		await ben.page.getByRole("link", { name, exact: true }).click();
		await counts(rows(ben.page), 1);
		await reads(rows(ben.page).first(), /Kept in view/);
		expect(new URLSearchParams(ben.address.split("?")[1]).get("order")).toBe("newest");
		await ben.page.getByRole("button", { name: "Views" }).click();
		await ben.page.getByRole("button", { name: `Delete ${name}` }).click();
		await ben.page.getByRole("link", { name, exact: true }).waitFor({ state: "detached" });
	});

	test("deleted by somebody else, it stays in its place as deleted until the list is asked for anew", async ({
		desk,
		api,
	}) => {
		const group = await createGroup(api, "wing");
		const [first = ""] = await createStreams(api, group, [unique("Gone"), "Stays"]);
		await desk.open(`streams?q=group:${group}&order=oldest`);
		await counts(rows(desk.page), 2);
		await api.expect(204, "DELETE", `/1/streams/${first}`);
		await reads(rows(desk.page).first(), /Deleted/);
		await desk.press(".");
		await counts(rows(desk.page), 1);
	});
});
