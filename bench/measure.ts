import { type Figure, medianFigure } from "./figure.ts";
import { type Row, show } from "./report.ts";
import type { Measure, Scenario } from "./scenario.ts";
import type { Site } from "./site.ts";
import { usageBelow, usageOf } from "./usage.ts";

/** Measures a scenario: ours and all others by turns, so that whatever else the machine does meets each of them. */
export async function measure(scenario: Scenario, site: Site, rounds: number, seconds: number): Promise<Row> {
	console.log(`\n${scenario.name}: ${scenario.sentence}`);
	await scenario.prepare(site);
	await scenario.prepareOthers?.(site);
	const ours: Figure[] = [];
	const used: { service: number; database: number }[] = [];
	const others = new Map<string, Figure[]>();
	const run = async (name: string, other: Measure, long = seconds) => {
		const figure = await other(site, long);
		others.set(name, [...(others.get(name) ?? []), figure]);
		return `${name} ${show(figure.rate)}`;
	};
	for (let round = 1; round <= rounds; round++) {
		const before = [usageOf(site.service.pid), usageBelow(site.service.pid)] as const;
		const figure = await scenario.ours(site, seconds);
		const after = [usageOf(site.service.pid), usageBelow(site.service.pid)] as const;
		ours.push(figure);
		// Of an item, preparations of the round included.
		const items = figure.rate * seconds * 1.1;
		used.push({
			service: (1e6 * (after[0].cpu - before[0].cpu)) / items,
			database: (1e6 * (after[1].cpu - before[1].cpu)) / items,
		});
		const said: string[] = [];
		for (const [name, other] of Object.entries(scenario.against)) said.push(await run(name, other));
		console.log(`  round ${round}: ours ${show(figure.rate)}/s; ${said.join(", ")}`);
	}
	for (const [name, other] of Object.entries(scenario.beside ?? {})) {
		try {
			console.log(`  beside: ${await run(name, other, seconds / 2)}`);
		} catch (error) {
			// No bar depends on it.
			console.log(`  beside: ${name}: ${error instanceof Error ? error.message : error}`);
		}
	}
	await scenario.end?.(site);
	const middle = medianFigure(ours);
	const against = Object.fromEntries([...others].map(([name, figures]) => [name, medianFigure(figures).rate]));
	const ratio = Object.fromEntries([
		...Object.entries(against).map(([name, rate]) => [name, rounded(middle.rate / rate)] as const),
		...Object.entries(scenario.pairs ?? {}).map(
			([name, [of, to]]) => [name, rounded((against[of] ?? 0) / (against[to] ?? 1))] as const,
		),
	]);
	const rates = ours.map(({ rate }) => Math.round(rate));
	return {
		name: scenario.name,
		ours: middle.rate,
		against,
		ratio,
		bar: scenario.bar,
		met: scenario.met(middle, (name) => ratio[name] ?? 0),
		spread: [Math.min(...rates), Math.max(...rates)],
		milliseconds: middle,
		microseconds_of_cpu: {
			service: rounded(used.reduce((sum, { service }) => sum + service, 0) / used.length),
			database: rounded(used.reduce((sum, { database }) => sum + database, 0) / used.length),
		},
		megabytes: {
			service: Math.round(usageOf(site.service.pid).rss / 1_048_576),
			database: Math.round(usageBelow(site.service.pid).rss / 1_048_576),
		},
	};
}

function rounded(number: number): number {
	return Math.round(number * 1_000) / 1_000;
}
