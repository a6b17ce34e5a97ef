import type { Figure } from "./figure.ts";
import type { Site } from "./site.ts";

export type Measure = (site: Site, seconds: number) => Promise<Figure>;

/** One way of the service, measured beside its ceilings and peers, in interleaved rounds. */
export interface Scenario {
	/** As the table of the bars names it. */
	name: string;
	/** What is measured, in one sentence. */
	sentence: string;
	/** Makes what our rounds need on this site. */
	prepare(site: Site): Promise<void>;
	/** Makes what those of `against` need besides. */
	prepareOthers?(site: Site): Promise<void>;
	ours: Measure;
	/** What the bar compares with, by name. */
	against: Record<string, Measure>;
	/** Measured once, for half as long, and printed only. */
	beside?: Record<string, Measure>;
	/** The bar in words, and whether it is reached by our figure and its ratios. */
	bar: string;
	met(ours: Figure, ratio: (name: string) => number): boolean;
	/** Ratios that are not of our figure: by name, of which two of `against`. */
	pairs?: Record<string, readonly [of: string, to: string]>;
	/** Lets go of what it made. */
	end?(site: Site): Promise<void>;
}
