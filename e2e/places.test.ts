import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { ACCOUNT, streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { counts, reads } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { createGroup, createStreams, failure, report, run, unique } from "./site/fleet.ts";

const row = (page: Page, text: string): Locator => page.getByRole("row").filter({ hasText: text });

/** What a button gives to keep. */
async function download(page: Page, button: string): Promise<string> {
	const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
	const chunks: Buffer[] = [];
	for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString();
}

describeWithBrowser("groups", () => {
	test("created, described, looked into and deleted; the streams stay", async ({ desk, api }) => {
		const name = unique("shift");
		await desk.open("groups");
		await desk.page.getByRole("heading", { name: "Groups" }).waitFor();
		await desk.press("n");
		const create = desk.page.getByRole("dialog", { name: "Create a group" });
		await create.getByLabel("Name").fill("no good name");
		expect(await create.getByRole("button", { name: "Create the group" }).isDisabled()).toBe(true);
		await create.getByLabel("Name").fill(name);
		await create.getByLabel("Account id").fill(ACCOUNT);
		await create.getByLabel("Description").fill("Of the night shift");
		await create.getByRole("button", { name: "Create the group" }).click();
		await desk.sees(`The group ${name} is created.`);
		const [id = ""] = await createStreams(api, name, ["Night 1", "Night 2"]);
		await desk.open(`groups?page=${Math.ceil((await groupsCount(api)) / 50)}`);
		await reads(row(desk.page, name), /2/);
		await desk.page.getByRole("link", { name }).click();
		await counts(desk.page.getByRole("row").filter({ hasText: "Night" }), 2);
		await desk.page.goBack();
		await desk.page.getByRole("button", { name: `Delete ${name}` }).click();
		const remove = desk.page.getByRole("dialog", { name: `Delete the group ${name}?` });
		await reads(remove, /2 streams are in it: they stay as they are/);
		await remove.getByRole("button", { name: "Delete the group" }).click();
		await row(desk.page, name).waitFor({ state: "detached" });
		expect((await api.get(id)).groups).toEqual([]);
	});

	test("a name that is taken is told in the service's words", async ({ desk, api }) => {
		desk.watcher.expect(/409/);
		const name = await createGroup(api, "taken");
		await desk.open("groups");
		await desk.page.getByRole("button", { name: "Create a group" }).first().click();
		const create = desk.page.getByRole("dialog", { name: "Create a group" });
		await create.getByLabel("Name").fill(name);
		await create.getByLabel("Account id").fill(ACCOUNT);
		await create.getByRole("button", { name: "Create the group" }).click();
		await reads(create.getByRole("alert"), `Group named '${name}' already exists`);
	});
});

describeWithBrowser("the log", () => {
	test("follows, stops where it is while it is read, and goes on", async ({ desk, api }) => {
		const id = await api.create(streamBody({ name: unique("Logged") }));
		await desk.open(`logs?stream=${id}`);
		const records = desk.page.getByRole("region", { name: "Records" }).locator("tbody tr");
		await counts(records, 1);
		await run(api, [id]);
		await counts(records, 2);
		await reads(records.first(), /In progress/);
		await desk.press("f");
		await report(api, [id], "failure", failure("Cable is cut", "no carrier", 77));
		await desk.sees("Paused, 1 new record waiting");
		expect(await records.count()).toBe(2);
		await desk.press("f");
		await reads(records.first(), /Failure/);
		await reads(records.first(), /77 Cable is cut: no carrier/);
	});

	test("filters stand in the address, and what is shown can be kept as a file", async ({ desk, api }) => {
		const name = unique("Kept");
		const id = await api.create(streamBody({ name }));
		await run(api, [id]);
		await report(api, [id], "failure", failure("=cmd|' /C calc'!A0", 'a,b\n"c"'));
		await desk.open(`logs?stream=${id}`);
		const records = desk.page.getByRole("region", { name: "Records" }).locator("tbody tr");
		await counts(records, 3);
		await desk.page.getByRole("checkbox", { name: "Failure" }).check();
		await counts(records, 1);
		expect(desk.address).toBe(`logs?stream=${id}&status=failure`);
		await desk.page.reload();
		await counts(records, 1);
		await reads(records.first(), new RegExp(name));
		const text = await download(desk.page, "Download CSV");
		expect(text).toContain(id);
		expect(text).toContain(name);
		// A spreadsheet takes it for text, and not for a formula.
		expect(text).not.toMatch(/(^|[,\n])"?=cmd/);
	});

	test("shows nobody a password that an agent quotes, and keeps it in no file", async ({ desk, api }) => {
		const password = unique("passw0rd");
		const reference = `rtsp://operator:${password}@camera.test/1`;
		const id = await api.create(streamBody({ name: unique("Quoted"), data: { type: "tcp", reference } }));
		await run(api, [id]);
		await report(api, [id], "failure", failure("Source is unreachable", `cannot open ${reference}`));
		await desk.open(`stream/${id}`);
		await reads(desk.page.getByRole("region", { name: "Timeline", exact: true }), /cannot open rtsp:.*\*{8}@camera/);
		await desk.open(`logs?stream=${id}`);
		const records = desk.page.getByRole("region", { name: "Records" }).locator("tbody tr");
		await reads(records.first(), /cannot open rtsp:.*\*{8}@camera/);
		const kept = [await download(desk.page, "Download CSV"), await download(desk.page, "Download JSON")];
		for (const text of [...kept, await desk.page.content(), ...desk.watcher.heard])
			expect(text).not.toContain(password);
		expect(kept.every((text) => text.includes("cannot open rtsp:"))).toBe(true);
	});
});

describeWithBrowser("the queue", () => {
	test("shows what waits, since when, and leaves out what was taken", async ({ desk, api }) => {
		const name = unique("Waiting");
		const id = await api.create(streamBody({ name }));
		await desk.open("queue");
		const figure = desk.page.locator("dl.figures");
		await reads(figure, /Waiting\s*\d+/);
		const line = row(desk.page, name);
		// Only the first hundred are listed; others of this suite may stand before it.
		const listed = (await api.count("statuses=pending")) <= 100;
		if (listed) await reads(line, /ago|just now/);
		await run(api, [id]);
		await line.waitFor({ state: "detached" });
	});
});

describeWithBrowser("nodes and agents", () => {
	test("shows this node, how it does, and the agents with their streams", async ({ desk }) => {
		await desk.open("nodes");
		await reads(desk.page.getByRole("row").filter({ hasText: "you are here" }), /MiB/);
		await desk.sees("This node works alone: no Redis is configured.");
		await desk.page.locator(".uplot canvas").first().waitFor();
	});
});

async function groupsCount(api: { expect<T>(status: number, method: string, path: string): Promise<T> }) {
	return (await api.expect<{ groups_count: number }>(200, "GET", "/1/groups/count")).groups_count;
}
