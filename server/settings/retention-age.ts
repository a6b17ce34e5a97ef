/** Seconds of the units that ages are given in. */
const SECONDS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400, weeks: 604_800 } as const;

/** A hundred years. Nothing is older, and the database knows no time long enough ago for a million weeks. */
const LONGEST = 36_525 * SECONDS.days;

/** Seconds that records are kept, of what the settings say of it. */
export function retentionAge(settings: { INTERVAL: number; INTERVAL_TYPE: keyof typeof SECONDS }): number {
	return Math.min(LONGEST, settings.INTERVAL * SECONDS[settings.INTERVAL_TYPE]);
}
