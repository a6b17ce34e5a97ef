import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";

const probes = readFileSync(new URL("./in-page.mjs", import.meta.url), "utf8");

const WITHIN_MS = 60_000;

/** A page of the console with nothing in its cache, with the benchmark's own script in it. */
export async function openPage(browser: Browser, url: string, place = "streams"): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, baseURL: url });
	context.setDefaultTimeout(WITHIN_MS);
	await context.addInitScript(probes);
	const page = await context.newPage();
	page.on("pageerror", (error) => {
		throw error;
	});
	await page.goto(`/#/${place}`, { waitUntil: "commit" });
	return page;
}

/** The first streams are on the screen. */
export async function ready(page: Page): Promise<void> {
	await until(page, "globalThis.bench?.firstRow() != null");
}

/** Waits until an expression is true in the page, asking by the debugger: the page's policy lets no text be run in it. */
export async function until(page: Page, expression: string): Promise<void> {
	const end = performance.now() + WITHIN_MS;
	while (!(await page.evaluate<boolean>(expression))) {
		if (performance.now() > end) throw new Error(`it does not come true: ${expression}`);
		await delay(20);
	}
}
