import type { Figure } from "../figure.ts";
import { medianFigure } from "../figure.ts";
import { show } from "../report.ts";

/** How figures go with one thing that grows. */
export interface Curves {
	name: string;
	/** What is measured, in one sentence. */
	sentence: string;
	/** What grows, and its values. */
	along: string;
	values: number[];
	/** Items a second at each of the values, by what is measured. */
	rates: Record<string, number[]>;
}

/** One thing to measure at one value. */
export type Ways = Record<string, () => Promise<Figure>>;

/** Measures each of the ways by turns; the median of the rounds. */
export async function byTurns(ways: Ways, rounds: number): Promise<Record<string, number>> {
	const figures = new Map<string, Figure[]>();
	for (let round = 0; round < rounds; round++)
		for (const [name, way] of Object.entries(ways)) figures.set(name, [...(figures.get(name) ?? []), await way()]);
	return Object.fromEntries([...figures].map(([name, all]) => [name, medianFigure(all).rate]));
}

/** Measures all values one after the other. */
export async function curvesOf(
	head: Omit<Curves, "rates">,
	at: (value: number) => Promise<Record<string, number>>,
): Promise<Curves> {
	console.log(`\n${head.name}: ${head.sentence}`);
	const rates: Record<string, number[]> = {};
	for (const value of head.values) {
		const found = await at(value);
		for (const [name, rate] of Object.entries(found)) rates[name] = [...(rates[name] ?? []), rate];
		const said = Object.entries(found).map(([name, rate]) => `${name} ${show(rate)}/s`);
		console.log(`  ${show(value)} ${head.along}: ${said.join(", ")}`);
	}
	return { ...head, rates };
}
