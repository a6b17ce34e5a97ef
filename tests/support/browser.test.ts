import { createServer } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithBrowser, launchBrowser } from "./browser.ts";

describeWithBrowser("the browser of the tests", () => {
	let browser: Browser;

	beforeAll(async () => {
		browser = await launchBrowser();
	});
	afterAll(() => browser.close());

	test("shows a page of this machine, with text that can be seen", async () => {
		const server = createServer((_, answer) => answer.end("<title>here</title><span>some words</span>"));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		const page = await browser.newPage();
		await page.goto(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`);
		expect(await page.title()).toBe("here");
		expect((await page.locator("span").boundingBox())?.width).toBeGreaterThan(20);
		await page.close();
		await new Promise((resolve) => server.close(resolve));
	});

	test("finds no other machine", async () => {
		const page = await browser.newPage();
		for (const host of ["perigee.example", "192.0.2.1"])
			await expect(page.goto(`http://${host}/`), host).rejects.toThrow("ERR_NAME_NOT_RESOLVED");
		await page.close();
	});
});
