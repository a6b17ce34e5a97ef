import { SECONDS } from "./engine-options.ts";
import type { Settings } from "./table.ts";

/** How long the records of the audit are kept and how often is looked, in seconds; null: for ever. */
export function auditRetention({ LUNA_STREAMS_AUDIT: settings }: Settings): { age: number; interval: number } | null {
	const { INTERVAL, INTERVAL_TYPE, CHECK_INTERVAL } = settings;
	return INTERVAL === 0 ? null : { age: INTERVAL * SECONDS[INTERVAL_TYPE], interval: CHECK_INTERVAL };
}
