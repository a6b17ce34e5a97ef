import { median, pause } from "./figure.ts";
import { type Row, show } from "./report.ts";
import { telemetryRequests } from "./scenarios/telemetry.ts";
import { Site } from "./site.ts";
import { storeLive } from "./stored.ts";
import { usageOf } from "./usage.ts";

const LIVE = 100_000;
const MOST_BYTES = 10 * 1_024;
const READY_WITHIN = 3;
const LOOP_WITHIN = 20;
/** Milliseconds between two turns of a loop that has nothing to do, as the metric counts them: they are no delay. */
const LOOP_RESOLUTION = 10;
const STARTS = 3;
/** Seconds that what came with the load is let go in. */
const CALM = 10;

/** 100,000 live streams: how soon the service is ready after a start, and what each costs in memory once it is resident. */
export async function startAndMemory(seconds: number): Promise<Row[]> {
	console.log(`\nstart and memory: ${show(LIVE)} live streams`);
	const site = await Site.open();
	try {
		const live = await storeLive(site.url, LIVE);
		const starts: number[] = [];
		for (let start = 0; start < STARTS; start++) starts.push(await site.restart());
		console.log(`  ready after ${starts.map((time) => time.toFixed(2)).join(", ")} s`);
		await pause(CALM);
		const before = usageOf(site.service.pid).rss;
		// Every stream is heard of once, and so is resident.
		const requests = telemetryRequests(live, 10);
		await site.requestsOnce(requests);
		await pause(CALM);
		const each = (usageOf(site.service.pid).rss - before) / LIVE;
		console.log(`  ${Math.round(each)} bytes of RSS each (${Math.round(before / 1_048_576)} MiB before)`);
		// Each look at it begins it anew.
		const late = async () => (await site.metric("nodejs_eventloop_lag_p99_seconds")) * 1_000 - LOOP_RESOLUTION;
		await late();
		await site.requests(requests, seconds * 2, { itemsPerRequest: 10 });
		const delay = await late();
		console.log(`  event loop delay under full load: p99 ${delay.toFixed(1)} ms`);
		return [
			row(
				"start",
				"s",
				median(starts),
				`a start with ${show(LIVE)} live streams is ready in < ${READY_WITHIN} s`,
				READY_WITHIN,
			),
			row(
				"memory",
				"bytes",
				each,
				`≤ ${MOST_BYTES} bytes of RSS for each of ${show(LIVE)} resident live streams`,
				MOST_BYTES,
			),
			row("event loop", "ms", delay, `delay p99 < ${LOOP_WITHIN} ms under full load`, LOOP_WITHIN),
		];
	} finally {
		await site.close();
	}
}

/** A figure that is to be small. */
function row(name: string, unit: string, ours: number, bar: string, most: number): Row {
	const rounded = Math.round(ours * 100) / 100;
	return {
		name,
		ours: rounded,
		unit,
		against: {},
		ratio: {},
		bar,
		met: ours <= most,
		spread: [rounded, rounded],
		milliseconds: { rate: rounded },
		microseconds_of_cpu: { service: 0, database: 0 },
		megabytes: { service: 0, database: 0 },
	};
}
