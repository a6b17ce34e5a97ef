import { clock } from "../../app/console.ts";
import { ageText } from "../../controls/durations.ts";

/** Older than this, a picture no longer says what is. */
const STALE_MS = 10_000;

/** How old the shown picture is; a badge when that is too old. */
export function PictureAge({ time, live }: { time: number; live: boolean }) {
	const age = clock.now.value - time;
	if (age >= STALE_MS) return <span class="tile-badge tile-stale">stale, {ageText(age)}</span>;
	return <span class="tile-badge">{live ? "live" : ageText(age)}</span>;
}
