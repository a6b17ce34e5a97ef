import type { Locator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { describeDecoding } from "../tests/agent/footage.ts";
import { streamBody } from "../tests/main-job/stream-bodies.ts";
import { describeWithBrowser } from "../tests/support/browser.ts";
import { reads } from "./desk/desk.ts";
import { test } from "./desk/test.ts";
import { camera } from "./site/cameras.ts";
import { createGroup, createStreams, failure, report, run, unique } from "./site/fleet.ts";
import { LIVE_GROUP } from "./site/provided.ts";

const status = (page: Page): Locator => page.locator("header.stream-head .status");
const panel = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
const action = (page: Page, name: string): Locator => page.getByRole("main").getByRole("button", { name, exact: true });

/** Does it by its button and the dialog that asks. */
async function act(page: Page, word: "Pause" | "Resume" | "Cancel" | "Delete"): Promise<void> {
	await action(page, word).click();
	const dialog = page.getByRole("dialog", { name: `${word} this stream?` });
	await dialog.getByRole("button", { name: `${word} the stream` }).click();
	await dialog.waitFor({ state: "detached" });
}

describeWithBrowser("a stream", () => {
	test("paused, resumed, taken, cancelled: the page says so, and its timeline keeps it", async ({ desk, api }) => {
		const group = await createGroup(api, "hall");
		const [id = ""] = await createStreams(api, group, ["Hall"]);
		await desk.open(`stream/${id}`);
		await reads(status(desk.page), "Pending");
		await act(desk.page, "Pause");
		await reads(status(desk.page), "Paused");
		// The name is set apart by signs that are not seen.
		await desk.sees(/Hall\W* is paused\./);
		expect(await action(desk.page, "Pause").isDisabled()).toBe(true);
		await act(desk.page, "Resume");
		await reads(status(desk.page), "Pending");
		await run(api, [id], { video_info: { width: 1920, height: 1080, frame_rate: 12.5 } });
		await reads(status(desk.page), "In progress");
		await reads(panel(desk.page, "Now"), /1920 × 1080 px, 12\.5 fps/);
		expect(await action(desk.page, "Resume").isDisabled()).toBe(true);
		await act(desk.page, "Cancel");
		await reads(status(desk.page), "Cancelled");
		await desk.page.getByRole("img", { name: /^Lifecycle: now Cancelled/ }).waitFor();
		const entries = panel(desk.page, "Timeline").getByRole("listitem").locator(".status");
		await expect
			.poll(() => entries.allInnerTexts())
			.toEqual(["Cancelled", "In progress", "Pending", "Paused", "Pending"]);
		expect(await api.log(id)).toEqual(["pending", "pause", "pending", "in_progress", "cancel"]);
	});

	test("the keys of the table do the same here", async ({ desk, api }) => {
		const group = await createGroup(api, "keys");
		const [id = ""] = await createStreams(api, group, ["Keys"]);
		await desk.open(`stream/${id}`);
		await reads(status(desk.page), "Pending");
		for (const [key, word] of [
			["p", "Pause"],
			["r", "Resume"],
			["c", "Cancel"],
			["Delete", "Delete"],
		] as const) {
			await desk.press(key);
			const dialog = desk.page.getByRole("dialog", { name: `${word} this stream?` });
			await dialog.waitFor();
			if (key === "p") {
				await dialog.getByRole("button", { name: "Pause the stream" }).click();
				await reads(status(desk.page), "Paused");
				await dialog.waitFor({ state: "detached" });
			} else await desk.escape();
		}
		await desk.press("Shift+E");
		await desk.page.getByRole("heading", { name: "Recreate Keys" }).waitFor();
	});

	test("what cannot be done any more when it is confirmed is told, in the service's words", async ({ desk, api }) => {
		desk.watcher.expect(/409/);
		const group = await createGroup(api, "late");
		const [id = ""] = await createStreams(api, group, ["Late"]);
		await run(api, [id]);
		await desk.open(`stream/${id}`);
		await action(desk.page, "Cancel").click();
		const dialog = desk.page.getByRole("dialog", { name: "Cancel this stream?" });
		await report(api, [id], "done");
		await reads(status(desk.page), "Done");
		await dialog.getByRole("button", { name: "Cancel the stream" }).click();
		await reads(dialog.getByRole("alert"), /is finished and cannot be cancelled/);
	});

	test("a failure shows its reason, and its autorestart counts down until it begins", async ({ desk, api }) => {
		const group = await createGroup(api, "dock");
		const [id = ""] = await createStreams(api, group, ["Dock"], {
			autorestart: { restart: 1, attempt_count: 3, delay: 4 },
		});
		await run(api, [id]);
		await desk.open(`stream/${id}`);
		await reads(status(desk.page), "In progress");
		await report(api, [id], "failure", failure("Source is unreachable", "connection refused by 192.0.2.7", 1101));
		await reads(status(desk.page), "Failure");
		const now = panel(desk.page, "Now");
		await reads(now, /Source is unreachable error 1101/);
		await reads(now, /connection refused by 192\.0\.2\.7/);
		await reads(now, /attempt 1 of 3, in [34] s/);
		await reads(now, /attempt 1 of 3, in [12] s/);
		await reads(status(desk.page), "Pending");
		await reads(panel(desk.page, "Timeline"), /Restart/);
		await reads(now, /attempt 1 of 3 is running/);
	});

	test("recreated in the form, an untouched secret stays what it is, and no page ever sees it", async ({
		desk,
		api,
	}) => {
		const [token, password] = [unique("tok3n"), unique("passw0rd")];
		const name = unique("Secret");
		const body = {
			name,
			data: { type: "tcp", reference: `rtsp://operator:${password}@camera.test/1` },
			event_handler: {
				api_version: 6,
				origin: "http://127.0.0.1:5000",
				bestshot_handler: { handler_id: "ee4c42b6-23ae-410e-a2aa-a4220e64ba4b" },
				authorization: { token },
			},
		};
		const id = await api.create(streamBody(body));
		await desk.open(`streams?q=${name}`);
		await reads(desk.page.getByRole("grid", { name: "Streams" }), /rtsp:\/\/.*@camera\.test\/1/);
		await desk.page.getByRole("link", { name }).click();
		await reads(panel(desk.page, "Settings"), /\*{8}/);
		await desk.page.getByRole("link", { name: "Recreate" }).click();
		const form = desk.page.getByRole("main").locator("form");
		await expect.poll(() => form.getByLabel("Token *").inputValue()).toBe("********");
		await form.getByLabel("Name", { exact: true }).fill(`${name} again`);
		await form.getByRole("button", { name: "Recreate the stream" }).click();
		await desk.page.getByRole("heading", { name: `${name} again`, level: 1 }).waitFor();
		await reads(panel(desk.page, "Now"), /Version\s*2/);
		const { data, event_handler } = await api.expect<Record<string, unknown>>(200, "GET", `/1/streams/${id}`);
		expect(data).toMatchObject({ reference: `rtsp://operator:${password}@camera.test/1` });
		expect(event_handler).toMatchObject({ authorization: { token } });
		// Neither in what is shown, nor in anything that the page was told.
		const shown = await desk.page.content();
		for (const secret of [token, password]) {
			expect(shown).not.toContain(secret);
			expect(desk.watcher.heard.filter((text) => text.includes(secret))).toEqual([]);
		}
		expect(desk.watcher.heard.some((text) => text.includes("********"))).toBe(true);
	});

	test("as JSON to keep, and as a command to repeat it: both without secrets", async ({ openDesk, api }) => {
		const desk = await openDesk({ permissions: ["clipboard-read", "clipboard-write"] });
		const password = unique("passw0rd");
		const id = await api.create(
			streamBody({ name: "Copied", data: { type: "udp", reference: `rtsp://a:${password}@camera.test/2` } }),
		);
		await desk.open(`stream/${id}`);
		const [file] = await Promise.all([desk.page.waitForEvent("download"), action(desk.page, "Download JSON").click()]);
		expect(file.suggestedFilename()).toMatch(/\.json$/);
		const chunks: Buffer[] = [];
		for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
		const kept = Buffer.concat(chunks).toString();
		expect(JSON.parse(kept)).toMatchObject({ stream_id: id, name: "Copied" });
		await action(desk.page, "Copy as curl").click();
		await desk.sees(/The command is copied/);
		const command = await desk.page.evaluate<string>("navigator.clipboard.readText()");
		expect(command).toMatch(/^curl .*\/1\/streams/s);
		for (const text of [kept, command]) expect(text).not.toContain(password);
	});

	test("its description is edited in place; a longer one than fits is not sent", async ({ desk, api }) => {
		const id = await api.create(streamBody({ name: "Described" }));
		await desk.open(`stream/${id}`);
		await desk.page.getByRole("button", { name: "Edit the description" }).click();
		const dialog = desk.page.getByRole("dialog", { name: "Edit the description" });
		await dialog.getByLabel("Description").fill("x".repeat(129));
		await reads(dialog, /At most 128 characters; these are 129/);
		expect(await dialog.getByRole("button", { name: "Save the description" }).isDisabled()).toBe(true);
		await dialog.getByLabel("Description").fill("Behind the palms");
		await dialog.getByRole("button", { name: "Save the description" }).click();
		await desk.sees("Behind the palms");
		expect((await api.get(id)).description).toBe("Behind the palms");
	});

	test("deleted, it is gone from the page that shows it elsewhere, too; its log stays", async ({ openDesk, api }) => {
		const [here, there] = [await openDesk(), await openDesk()];
		const group = await createGroup(api, "gone");
		const [id = ""] = await createStreams(api, group, ["Shortlived"]);
		await here.open(`stream/${id}`);
		await there.open(`stream/${id}`);
		await reads(status(there.page), "Pending");
		await act(here.page, "Delete");
		await here.page.getByRole("main", { name: "Streams" }).waitFor();
		await there.sees(/There is no stream with the id/);
		await reads(panel(there.page, "Timeline"), /Deleted/);
	});

	describeDecoding("of a real camera", () => {
		test("fails when its camera dies, says why, and comes back by itself when the camera does", async ({
			desk,
			api,
		}) => {
			const eye = await camera(inject("site").clip);
			await eye.start();
			try {
				const id = await api.create(
					streamBody({
						name: unique("Intermittent"),
						group_name: LIVE_GROUP,
						data: { type: "tcp", reference: eye.url("camera") },
						policies: { healthcheck: { max_error_count: 0, retry_delay: 0, timeout: 3_000 } },
						autorestart: { restart: 1, attempt_count: 10, delay: 1 },
					}),
				);
				await desk.open(`stream/${id}`);
				await reads(panel(desk.page, "Now"), /640 × 360 px/);
				await eye.stop();
				await reads(panel(desk.page, "Timeline"), /Failure/);
				await reads(panel(desk.page, "Timeline"), /error \d+/);
				await eye.start();
				await expect
					.poll(() => desk.page.locator(".error-box").count(), { timeout: 20_000, message: "the error is over" })
					.toBe(0);
				await reads(status(desk.page), "In progress");
				await api.expect(204, "DELETE", `/1/streams/${id}`);
				await desk.sees(/There is no stream with the id/);
			} finally {
				await eye.stop();
			}
		});
	});
});
