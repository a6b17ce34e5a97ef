import { mkdir, writeFile } from "node:fs/promises";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { test as base, inject } from "vitest";
import { ApiClient } from "../../tests/main-job/api-client.ts";
import { connectBrowser } from "../../tests/support/browser.ts";
import "../site/provided.ts";
import { Desk } from "./desk.ts";

interface Fixtures {
	/** The suite's one browser. */
	browser: Browser;
	/** The API of the suite's service, for what others do meanwhile. */
	api: ApiClient;
	/** Opens one more operator's browser; at another service if a URL is given. */
	openDesk: (options?: BrowserContextOptions, url?: string) => Promise<Desk>;
	/** An operator's browser at the suite's service. */
	desk: Desk;
}

/**
 * A test with operators in it. Whatever goes wrong in one of their pages and was not expected fails it; what they saw last is kept in
 * e2e/out when it fails.
 */
export const test = base.extend<Fixtures>({
	browser: [
		// biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its pattern
		async ({}, use) => {
			const browser = await connectBrowser(inject("site").browser);
			await use(browser);
			await browser.close();
		},
		{ scope: "file" },
	],
	api: [
		// biome-ignore lint/correctness/noEmptyPattern: as above
		async ({}, use) => {
			const api = new ApiClient(inject("site").url);
			await use(api);
			api.close();
		},
		{ scope: "file" },
	],
	openDesk: async ({ browser, task }, use) => {
		const desks: Desk[] = [];
		await use(async (options, url = inject("site").url) => {
			const desk = await Desk.open(browser, url, options);
			desks.push(desk);
			return desk;
		});
		try {
			if (task.result?.state === "fail") await keep(task.name, desks);
			else for (const desk of desks) await desk.expectNoFaults();
		} finally {
			for (const desk of desks) await desk.close();
		}
	},
	desk: async ({ openDesk }, use) => use(await openDesk()),
});

async function keep(name: string, desks: readonly Desk[]): Promise<void> {
	const folder = new URL("../out/", import.meta.url);
	await mkdir(folder, { recursive: true });
	for (const [at, { page, watcher }] of desks.entries()) {
		const file = `${name.replaceAll(/\W+/g, "-").slice(0, 60)}-${at + 1}`;
		// A page that is gone or hangs has no picture.
		const picture = await page.screenshot().catch(() => undefined);
		if (picture !== undefined) await writeFile(new URL(`${file}.png`, folder), picture);
		const words = await page.locator("body").ariaSnapshot().catch(String);
		await writeFile(
			new URL(`${file}.txt`, folder),
			`${page.url()}\n\n${(await watcher.faults()).join("\n")}\n\n${words}\n`,
		);
	}
}
