import type { Browser, CDPSession, Page } from "playwright-core";
import type { Site } from "../site.ts";
import { type Bar, percentile } from "./bar.ts";
import { Events } from "./events.ts";
import { openPage, ready } from "./page.ts";

const EVENTS_PER_SECOND = 100;
/** Pixels a frame: a screen of rows in about a third of a second. */
const SPEED = 40;
const LOADS = 3;

/** A table of all the site's streams while a hundred of them change every second. */
export async function* table(browser: Browser, site: Site, seconds: number): AsyncGenerator<Bar> {
	const url = `http://127.0.0.1:${site.service.port}`;
	yield* firstLoad(browser, url);

	const page = await openPage(browser, url);
	const events = new Events(site.service.port, site.live, EVENTS_PER_SECOND);
	events.start();
	try {
		await ready(page);
		const session = await page.context().newCDPSession(page);
		// Caches fill first: every row is seen once.
		await scroll(page, Math.max(10, seconds / 10), SPEED * 5);
		const before = await heap(session);
		const sentBefore = events.sent;
		const began = performance.now();
		const frames = await scroll(page, seconds, SPEED);
		const rate = (events.sent - sentBefore) / ((performance.now() - began) / 1000);
		const after = await heap(session);
		const fps = frames.length / (frames.reduce((sum, each) => sum + each, 0) / 1000);
		const rows = site.live.length.toLocaleString("en");
		yield {
			name: `scrolling ${rows} streams at ${rate.toFixed(0)} events/s for ${seconds} s`,
			figure: `${fps.toFixed(1)} fps (frames: p95 ${percentile(frames, 95).toFixed(0)} ms, longest ${Math.max(...frames).toFixed(0)} ms)`,
			bar: "≥ 50 fps",
			met: fps >= 50 && rate >= EVENTS_PER_SECOND * 0.95,
		};
		const change = after / before - 1;
		yield {
			name: "heap over that time",
			figure: `${megabytes(before)} → ${megabytes(after)} MB (${(change * 100).toFixed(1)} %)`,
			bar: "±10 %",
			met: Math.abs(change) <= 0.1,
		};
	} finally {
		await events.stop();
		await page.context().close();
	}
}

/** With nothing in the browser's cache. */
async function* firstLoad(browser: Browser, url: string): AsyncGenerator<Bar> {
	const times: number[] = [];
	let scripts = 0;
	for (let load = 0; load < LOADS; load++) {
		const page = await openPage(browser, url);
		const sizes: Promise<number>[] = [];
		page.on("requestfinished", (request) => {
			if (request.resourceType() === "script")
				sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
		});
		await ready(page);
		times.push(await page.evaluate<number>("bench.firstRow()"));
		scripts = (await Promise.all(sizes)).reduce((sum, each) => sum + each, 0);
		await page.context().close();
	}
	const slowest = Math.max(...times);
	yield {
		name: "first rows",
		figure: `${(slowest / 1000).toFixed(2)} s, the slowest of ${LOADS} loads`,
		bar: "≤ 1.5 s",
		met: slowest <= 1500,
	};
	yield {
		name: "script of the first load",
		figure: `${(scripts / 1024).toFixed(0)} KB as sent`,
		bar: "≤ 150 KB",
		met: scripts > 0 && scripts <= 150 * 1024,
	};
}

async function scroll(page: Page, seconds: number, speed: number): Promise<number[]> {
	if ((await page.evaluate<number>("bench.scrollable()")) < 10_000) throw new Error("the table does not scroll");
	return page.evaluate<number[]>(`bench.scroll(${seconds}, ${speed})`);
}

async function heap(session: CDPSession): Promise<number> {
	await session.send("HeapProfiler.collectGarbage");
	await session.send("HeapProfiler.collectGarbage");
	return (await session.send("Runtime.getHeapUsage")).usedSize;
}

function megabytes(bytes: number): string {
	return (bytes / 1_048_576).toFixed(1);
}
