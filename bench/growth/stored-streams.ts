import { type Row, show } from "../report.ts";
import type { Scenario } from "../scenario.ts";
import { create } from "../scenarios/create.ts";
import { get } from "../scenarios/get.ts";
import { status } from "../scenarios/status.ts";
import { takeDone } from "../scenarios/take-done.ts";
import { telemetry } from "../scenarios/telemetry.ts";
import { Site } from "../site.ts";
import { storeDone } from "../stored.ts";
import { byTurns, type Curves, curvesOf } from "./curve.ts";

const STORED = [1_000, 100_000, 1_000_000];
const LIVE = 20_000;
const LEAST = 0.8;
/** Those that add streams come last. */
const SCENARIOS: readonly Scenario[] = [telemetry, status, get, takeDone, create];
/** What no stored stream can slow down, measured beside: it tells how fast the machine is at that moment. */
const YARDSTICK = "bare uWebSockets.js";

/**
 * The same 20,000 live streams among 1,000, 100,000 and 1,000,000 stored ones, each on a site of its own. What the machine
 * does meanwhile is taken out by the yardstick, which is measured by turns with each.
 */
export async function storedStreams(rounds: number, seconds: number): Promise<{ curves: Curves; rows: Row[] }> {
	const yardsticks: Record<string, number[]> = {};
	const head = {
		name: "stored streams",
		sentence: `the same ${show(LIVE)} live streams among more and more stored ones`,
		along: "stored",
		values: STORED,
	};
	const curves = await curvesOf(head, async (stored) => {
		const site = await Site.open();
		try {
			await storeDone(site.url, stored);
			await site.makeLive(LIVE);
			const port = await site.bareUws("{}");
			const rates: Record<string, number> = {};
			for (const scenario of SCENARIOS) {
				await scenario.prepare(site);
				const body = [Buffer.from("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")];
				const found = await byTurns(
					{
						ours: () => scenario.ours(site, seconds),
						[YARDSTICK]: () => site.requests(body, seconds, { port }),
					},
					rounds,
				);
				await scenario.end?.(site);
				rates[scenario.name] = found["ours"] ?? 0;
				yardsticks[scenario.name] = [...(yardsticks[scenario.name] ?? []), found[YARDSTICK] ?? 1];
			}
			return rates;
		} finally {
			await site.close();
		}
	});
	return { curves, rows: SCENARIOS.map(({ name }) => rowOf(name, curves.rates[name] ?? [], yardsticks[name] ?? [])) };
}

/** The row of one figure: what is left of it where most is stored. */
function rowOf(name: string, rates: readonly number[], yardsticks: readonly number[]): Row {
	const of = (at: number) => (rates.at(at) ?? 0) / (yardsticks.at(at) ?? 1);
	const kept = Math.round((1_000 * of(-1)) / of(0)) / 1_000;
	const other = `among ${show(STORED[0] ?? 0)}`;
	return {
		name: `growth of ${name}`,
		ours: rates.at(-1) ?? 0,
		against: { [other]: rates[0] ?? 0 },
		ratio: { [other]: kept },
		bar: `≥ ${LEAST} of itself among 1,000,000 stored`,
		met: kept >= LEAST,
		spread: [Math.min(...rates), Math.max(...rates)],
		milliseconds: { rate: rates.at(-1) ?? 0 },
		microseconds_of_cpu: { service: 0, database: 0 },
		megabytes: { service: 0, database: 0 },
	};
}
