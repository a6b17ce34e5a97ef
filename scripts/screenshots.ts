import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { launchBrowser } from "../tests/support/browser.ts";
import { freePort } from "./cluster/answers.ts";
import { Child } from "./demo/child.ts";
import { ensureBuilt } from "./ensure-built.mjs";

/**
 * `npm run screenshots`: the pictures of the README, as the console looks while the demo runs: the wall, the streams and one
 * stream, 1280 × 720. Starts a demo of its own with fresh data, and ends it.
 */

const READY_WITHIN_MS = 120_000;
const MOST_BYTES = 400_000;
const images = fileURLToPath(new URL("../docs/images/", import.meta.url));

await ensureBuilt();
const data = await mkdtemp(join(tmpdir(), "perigee-screenshots-"));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const demo = new Child({
	name: "demo",
	script: "scripts/demo.ts",
	env: { PORT: String(port), DATA_DIR: data },
	logFile: join(data, "demo.log"),
});
try {
	await untilPlaying();
	await takePictures();
} finally {
	await demo.stop();
	await rm(data, { recursive: true, force: true });
}

/** The cameras have pictures. */
async function untilPlaying(): Promise<void> {
	const until = performance.now() + READY_WITHIN_MS;
	for (;;) {
		if (demo.died || performance.now() > until) throw new Error(`The demo shows nothing:\n${demo.explanation}`);
		const streams = await fetch(`${url}/1/streams`).then(
			async (answer) => ((await answer.json()) as { streams: { status: string; video_info: object | null }[] }).streams,
			// Not listening yet.
			() => [],
		);
		const playing = streams.filter(({ status, video_info }) => status === "in_progress" && video_info !== null);
		if (playing.length >= 4) return;
		await delay(100);
	}
}

async function takePictures(): Promise<void> {
	await mkdir(images, { recursive: true });
	const browser = await launchBrowser();
	try {
		const context = await browser.newContext({
			baseURL: url,
			viewport: { width: 1280, height: 720 },
			colorScheme: "dark",
			reducedMotion: "reduce",
		});
		const page = await context.newPage();
		await page.goto("/#/streams");
		// The camera at the dock dies soon after the start, and again and again.
		const dock = page.getByRole("row").filter({ hasText: "Loading dock" });
		await dock.filter({ hasText: "Failure" }).waitFor({ timeout: READY_WITHIN_MS });
		await take(page, "streams");
		await page.goto("/#/wall");
		await page.getByText("Gate").first().waitFor();
		// Four tiles at least have their picture.
		await page.locator("main canvas:visible").nth(3).waitFor();
		await take(page, "wall");
		await page.goto("/#/streams");
		await page.getByRole("link", { name: "Gate" }).click();
		await page.getByRole("heading", { name: "Gate" }).waitFor();
		await page.getByRole("region", { name: "Picture" }).getByText("Live", { exact: true }).waitFor();
		await take(page, "stream");
	} finally {
		await browser.close();
	}
}

async function take(page: Page, name: string): Promise<void> {
	const file = join(images, `${name}.png`);
	await writeFile(file, await page.screenshot());
	const { size } = await stat(file);
	console.log(`${name}.png ${(size / 1000).toFixed(0)} kB`);
	if (size > MOST_BYTES) throw new Error(`${name}.png is larger than ${MOST_BYTES / 1000} kB`);
}
