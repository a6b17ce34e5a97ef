import { setTimeout as delay } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { Connection } from "../load/client.ts";
import { Worker } from "../processes.ts";
import type { Site } from "../site.ts";
import { type Bar, percentile } from "./bar.ts";
import { feedbackWithError } from "./events.ts";
import { openPage, ready, until } from "./page.ts";

const SOCKETS = 200;
const PER_SECOND = 20;
const BAR_MS = 300;

/**
 * From the moment before a feedback request is written to the moment after the frame in which a cell shows its error, while
 * 200 other sockets are told of it as well.
 */
export async function* eventToPixel(browser: Browser, site: Site, seconds: number): AsyncGenerator<Bar> {
	const { port } = site.service;
	const others = new Worker("./load/watchers.ts");
	const page = await openPage(browser, `http://127.0.0.1:${port}`);
	let connection: Connection | undefined;
	try {
		await others.ask({ port, sockets: SOCKETS, seconds: 0 });
		await ready(page);
		const ids = (await page.evaluate<string[]>("bench.onScreen()")).slice(0, 10);
		if (ids.length === 0) throw new Error("no stream is on the screen");
		// Not sooner: the service closes connections on which nothing is asked.
		connection = await Connection.open(port);
		const sent: number[] = [];
		const began = performance.now();
		for (let number = 0; number < seconds * PER_SECOND; number++) {
			const due = began + (number / PER_SECOND) * 1000;
			await delay(Math.max(0, due - performance.now()));
			sent.push(performance.timeOrigin + performance.now());
			const { status } = await connection.ask(feedbackWithError(ids[number % ids.length] ?? "", `probe-${number}`));
			if (status !== 200) throw new Error(`feedback was answered with ${status}`);
		}
		await until(page, `bench.probes()[${sent.length - 1}] != null`);
		const seen = await page.evaluate<Record<string, number>>("bench.probes()");
		const times = sent.flatMap((at, number) => {
			const shown = seen[number];
			return shown === undefined ? [] : [shown - at];
		});
		const p99 = percentile(times, 99);
		yield {
			name: `event to pixel, ${SOCKETS} other sockets connected`,
			figure: `p50 ${percentile(times, 50).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${times.length} of ${sent.length} events seen`,
			bar: `p99 < ${BAR_MS} ms`,
			met: p99 < BAR_MS && times.length >= sent.length * 0.99,
		};
	} finally {
		connection?.close();
		await others.end();
		await page.context().close();
	}
}
