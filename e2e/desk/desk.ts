import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { TELL_FORBIDDEN, Watcher } from "./watcher.ts";

/** How long something may take to be shown, in milliseconds: the machine is shared with decoders. */
export const SHOWN_WITHIN = 15_000;

/** An operator's browser: one page of the console, watched for whatever goes wrong in it. */
export class Desk {
	readonly url: string;
	readonly page: Page;
	readonly context: BrowserContext;
	readonly watcher: Watcher;

	private constructor(url: string, context: BrowserContext, page: Page) {
		this.url = url;
		this.context = context;
		this.page = page;
		this.watcher = new Watcher(page, url);
	}

	/** A fresh profile, 1280×720 unless said otherwise. */
	static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Desk> {
		const context = await browser.newContext({
			viewport: { width: 1280, height: 720 },
			reducedMotion: "reduce",
			locale: "en-GB",
			timezoneId: "UTC",
			...options,
		});
		context.setDefaultTimeout(SHOWN_WITHIN);
		await context.addInitScript(TELL_FORBIDDEN);
		return new Desk(url, context, await context.newPage());
	}

	/** Opens an address of the console (`streams?q=…`), and waits until it is connected, and painted. */
	async open(address: string): Promise<void> {
		await this.page.goto(`${this.url}/#/${address}`);
		await this.connected();
		// Before its first frame Chromium drops the keys that are pressed.
		await this.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
	}

	/** Opens the console as nobody, and logs in by its dialog with a token or a JWT. */
	async logIn(token: string): Promise<void> {
		// As nobody everything is refused; that is how the page knows that it has to ask.
		this.watcher.expect(/401|WebSocket connection to .* failed/);
		await this.page.goto(`${this.url}/#/streams`);
		await this.badge("Logged out");
		const dialog = this.page.getByRole("dialog", { name: "Log in" });
		await dialog.getByLabel("Token").fill(token);
		await dialog.getByRole("button", { name: "Log in", exact: true }).click();
		await this.connected();
	}

	/** A link to a place, beside the others at the top. */
	wayTo(place: string): Locator {
		return this.page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: place, exact: true });
	}

	/** The badge says that what is shown is what is. */
	async connected(): Promise<void> {
		await this.badge("Live");
	}

	async badge(word: "Connecting" | "Live" | "Reconnecting" | "Logged out"): Promise<void> {
		await this.page.getByRole("banner").getByRole("status").filter({ hasText: word }).waitFor();
	}

	/** The part of the address after "#/". */
	get address(): string {
		return new URL(this.page.url()).hash.replace(/^#\/?/, "");
	}

	/** Presses keys one after the other. */
	async press(...keys: string[]): Promise<void> {
		for (const key of keys) await this.page.keyboard.press(key);
	}

	/** Closes a dialog by its key, and waits until the page has heard of it: a key pressed before would still be the dialog's. */
	async escape(): Promise<void> {
		await this.press("Escape");
		await counts(this.page.locator("dialog"), 0);
	}

	/** Whatever has this text is seen. */
	async sees(text: string | RegExp): Promise<void> {
		await this.page.getByText(text).first().waitFor();
	}

	/** Fails for everything that went wrong in the page. */
	async expectNoFaults(): Promise<void> {
		expect(await this.watcher.faults()).toEqual([]);
	}

	async close(): Promise<void> {
		await this.context.close();
	}
}

/** Waits until a text, once seen, has this form. */
export async function reads(locator: Locator, text: string | RegExp): Promise<void> {
	const matching = typeof text === "string" ? expect.stringContaining(text) : expect.stringMatching(text);
	await expect.poll(() => locator.innerText(), { timeout: SHOWN_WITHIN }).toEqual(matching);
}

/** Waits until so many are shown. */
export async function counts(locator: Locator, count: number): Promise<void> {
	await expect.poll(() => locator.count(), { timeout: SHOWN_WITHIN }).toBe(count);
}

/** Waits until the picture of a tile is another one than it was. */
export async function moves(tile: Locator): Promise<void> {
	const picture = tile.locator("canvas");
	await picture.waitFor();
	const before = await picture.screenshot();
	await expect.poll(async () => (await picture.screenshot()).equals(before), { timeout: SHOWN_WITHIN }).toBe(false);
}
