import { retentionAge } from "./retention-age.ts";
import type { Settings } from "./table.ts";

/** How long the records of the audit are kept and how often is looked, in seconds; null: for ever. */
export function auditRetention({ LUNA_STREAMS_AUDIT: settings }: Settings): { age: number; interval: number } | null {
	return settings.INTERVAL === 0 ? null : { age: retentionAge(settings), interval: settings.CHECK_INTERVAL };
}
