import { parseArgs } from "node:util";
import { ensureBuilt } from "../../scripts/ensure-built.mjs";
import { launchBrowser } from "../../tests/support/browser.ts";
import { Site } from "../site.ts";
import { type Bar, say } from "./bar.ts";
import { eventToPixel } from "./event-to-pixel.ts";
import { table } from "./table.ts";
import { wall } from "./wall.ts";

/**
 * `npm run bench:console`: what the console takes of a browser and how soon it shows things, in headless Chromium. A line a
 * bar; the exit status is 0 only when every bar is met. `--quick`: 30 s of scrolling instead of five minutes. `--only table`,
 * `pixel` or `wall` measures one part.
 */

const STREAMS = 10_000;
const { values: options } = parseArgs({ options: { quick: { type: "boolean" }, only: { type: "string" } } });
const wanted = (name: string) => options.only === undefined || options.only === name;
const bars: Bar[] = [];

async function measure(part: AsyncGenerator<Bar>): Promise<void> {
	for await (const bar of part) {
		say(bar);
		bars.push(bar);
	}
}

await ensureBuilt(["service", "web console"]);
const browser = await launchBrowser({ args: ["--js-flags=--expose-gc"] });
try {
	if (wanted("table") || wanted("pixel")) {
		const site = await Site.open();
		try {
			await site.makeLive(STREAMS);
			if (wanted("pixel")) await measure(eventToPixel(browser, site, options.quick ? 10 : 60));
			if (wanted("table")) await measure(table(browser, site, options.quick ? 30 : 300));
		} finally {
			await site.close();
		}
	}
	if (wanted("wall")) await measure(wall(browser));
} finally {
	await browser.close();
}
const missed = bars.filter(({ met }) => !met).length;
console.log(`${bars.length - missed} of ${bars.length} bars met`);
process.exitCode = missed === 0 && bars.length > 0 ? 0 : 1;
