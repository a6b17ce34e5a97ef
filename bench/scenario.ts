import type { Site } from "./site.ts";

/** One way of the service, measured beside its ceilings. Rates are items a second. */
export interface Scenario {
	name: string;
	/** What is measured, in one sentence. */
	sentence: string;
	/** Makes what the rounds need. */
	prepare(site: Site): Promise<void>;
	ours(site: Site, seconds: number): Promise<number>;
	/** By name. */
	against: Record<string, (site: Site, seconds: number) => Promise<number>>;
	/** The bar in words, and whether medians reach it. */
	bar: string;
	met(ours: number, ratio: Record<string, number>): boolean;
}
