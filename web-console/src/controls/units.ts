const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const counting = new Intl.NumberFormat("en");

/** `12,345` */
export function counted(count: number): string {
	return counting.format(count);
}

/** `1 stream`, `12,345 streams` */
export function countOf(count: number, one: string, many = `${one}s`): string {
	return `${counted(count)} ${count === 1 ? one : many}`;
}

/** A number with at most `digits` decimals: `0.5`, `1,234`. */
export function rounded(value: number, digits = 1): string {
	return value.toLocaleString("en", { maximumFractionDigits: digits });
}

/** A length of time by its two largest units: `0.4 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function duration(ms: number): string {
	if (!Number.isFinite(ms)) return "–";
	const length = Math.max(0, ms);
	if (length < 10 * SECOND) return `${Math.floor(length / 100) / 10} s`;
	if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
	if (length < HOUR) return pair(length, MINUTE, "min", SECOND, "s");
	if (length < DAY) return pair(length, HOUR, "h", MINUTE, "min");
	return pair(length, DAY, "d", HOUR, "h");
}

function pair(length: number, large: number, largeName: string, small: number, smallName: string): string {
	const rest = Math.floor((length % large) / small);
	return `${Math.floor(length / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

/** How long ago a moment was: `just now`, `42 s ago`. */
export function ago(time: number, now: number): string {
	return now - time < SECOND ? "just now" : `${duration(Math.floor((now - time) / SECOND) * SECOND)} ago`;
}

/** What is left until a moment, in whole seconds, rounded up: `12 s`; `now` when it is over. */
export function until(time: number, now: number): string {
	return time <= now ? "now" : duration(Math.ceil((time - now) / SECOND) * SECOND);
}

/** A moment on the clock of whoever looks: `2026-11-25 21:04:40`. */
export function moment(time: number): string {
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return "–";
	const two = (value: number) => String(value).padStart(2, "0");
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `512 B`, `3.4 MiB` */
export function bytes(size: number): string {
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, size)) / 10));
	return `${rounded(size / 1024 ** step)} ${units[step]}`;
}
