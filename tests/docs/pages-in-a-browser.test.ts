import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { type RunningService, startService } from "../main-job/service-fixture.ts";
import { describeWithBrowser, launchBrowser } from "../support/browser.ts";
import { eventually } from "../support/signals.ts";

const prefix = "/6/luna-streams";

describeWithBrowser("in a browser that is cut off from the network", () => {
	let service: RunningService;
	let browser: Browser;

	beforeAll(async () => {
		await ensureBuilt(["manual", "web console"]);
		[service, browser] = await Promise.all([
			startService({ LUNA_STREAMS_HTTP_SETTINGS__PREFIX: prefix }),
			launchBrowser(),
		]);
	}, 180_000);
	afterAll(async () => {
		await browser.close();
		await service.stop();
	});

	/** A page, and what went wrong in it: requests that failed or were answered 4xx or 5xx, what it threw, what its policy forbade. */
	async function opened(context: BrowserContext): Promise<{ page: Page; wrong: string[] }> {
		const page = await context.newPage();
		const wrong: string[] = [];
		page.on("pageerror", (error) => wrong.push(error.message));
		page.on("console", (said) => said.type() === "error" && wrong.push(said.text()));
		page.on("requestfailed", (request) => {
			const reason = request.failure()?.errorText;
			// The page itself thought better of it.
			if (reason !== "net::ERR_ABORTED") wrong.push(`${request.url()}: ${reason}`);
		});
		page.on("response", (answer) => answer.status() >= 400 && wrong.push(`${answer.url()}: ${answer.status()}`));
		page.on("request", (request) => {
			if (!request.url().startsWith(`${service.url}/`) && !/^(data|blob):/.test(request.url()))
				wrong.push(request.url());
		});
		return { page, wrong };
	}

	/** Types into the manual's search until the page that it finds first is this one. */
	async function searched(page: Page, words: string, target: string): Promise<void> {
		const input = page.locator("#localsearch-input");
		// A page that has been shown just now may not listen to keys yet.
		await eventually(async () => {
			await page.keyboard.press("Control+k");
			return input.isVisible();
		});
		await input.fill(words);
		const first = page.locator("#localsearch-list a").first();
		await expect.poll(() => first.getAttribute("href"), { message: words, timeout: 5_000 }).toBe(target);
	}

	describe.each([
		{ where: "at its own path", below: "" },
		{ where: "through a gateway that passes nothing but PREFIX", below: prefix },
	])("$where", ({ below }) => {
		let context: BrowserContext;

		beforeAll(async () => {
			context = await browser.newContext();
			const passes = (url: URL) => url.pathname.startsWith(`${below}/`);
			await context.route("**", (route) =>
				passes(new URL(route.request().url())) ? route.continue() : route.fulfill({ status: 404 }),
			);
		});
		afterAll(() => context.close());

		test("the manual opens, and its search finds a setting by its name", async () => {
			const { page, wrong } = await opened(context);
			await page.goto(`${service.url}${below}/docs/dev`);
			expect(page.url()).toBe(`${service.url}${below}/docs/dev/index.html`);
			const settings = `${below}/docs/dev/settings.html`;
			for (const name of ["TELEMETRY_FLUSH_INTERVAL", "LUNA_STREAMS_LOGS_CLEAR_INTERVAL", "REQUEST_MAX_SIZE"]) {
				await searched(page, name, `${settings}#${name.toLowerCase().replaceAll("_", "-")}`);
				if (name !== "REQUEST_MAX_SIZE") await page.keyboard.press("Escape");
			}
			await page.keyboard.press("Enter");
			await page.waitForURL(`**${settings}#request-max-size`);
			await expect.poll(() => page.locator("#request-max-size + p").innerText()).toContain("request body");
			expect(wrong).toEqual([]);
			await page.close();
		});

		test("the manual leads from page to page, also when one is loaded anew", async () => {
			const { page, wrong } = await opened(context);
			await page.goto(`${service.url}${below}/docs/dev/`);
			await page.locator("aside").getByRole("link", { name: "The lifecycle of a stream" }).click();
			await page.waitForURL(/\/docs\/dev\/lifecycle\.html/);
			await page.locator("main svg").first().waitFor();
			await page.reload();
			expect(await page.locator("h1").innerText()).toContain("lifecycle");
			await page.goto(`${service.url}${below}/docs/dev/`);
			await page.locator('main a[href$="../spec"]').click();
			await page.waitForURL(`${service.url}${below}/docs/spec`);
			expect(wrong).toEqual([]);
			await page.close();
		});

		test("the API's description opens, and asks the service", async () => {
			const { page, wrong } = await opened(context);
			await page.goto(`${service.url}${below}/docs/spec`);
			const operation = page.locator("#operations-service-getVersion");
			// It changes the address, and that is no navigation to wait for.
			await operation.click({ noWaitAfter: true });
			await operation.getByRole("button", { name: "Try it out" }).click();
			await operation.getByRole("button", { name: "Execute" }).click();
			await expect
				.poll(() => operation.locator(".live-responses-table .microlight").first().innerText())
				.toContain('"api": 1');
			expect(await operation.locator(".request-url pre").innerText()).toBe(`${service.url}${below}/version`);
			expect(wrong).toEqual([]);
			await page.close();
		});

		test("the console opens, with all its files", async () => {
			const { page, wrong } = await opened(context);
			await page.goto(`${service.url}${below}/`, { waitUntil: "networkidle" });
			expect(await page.title()).toContain("Perigee");
			expect(wrong).toEqual([]);
			await page.close();
		});
	});
});
