const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds in a few signs: `now`, `12 s`, `4 min`, `3 h`, `5 d`. */
export function ageText(ms: number): string {
	const seconds = Math.floor(ms / 1000);
	if (seconds < 1) return "now";
	if (seconds < MINUTE) return `${seconds} s`;
	if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
	if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h`;
	return `${Math.floor(seconds / DAY)} d`;
}
