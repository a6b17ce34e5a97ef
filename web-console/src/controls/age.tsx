import { clock } from "../app/console.ts";
import { ageText } from "./durations.ts";

/** How long ago something was, as it grows. All of them are moved by one timer. */
export function Age({ time }: { time: number }) {
	return <span title={new Date(time).toISOString()}>{ageText(clock.now.value - time)}</span>;
}

/** How long it is until something, as it shrinks. */
export function Countdown({ time }: { time: number }) {
	return <span title={new Date(time).toISOString()}>{ageText(Math.max(0, time - clock.now.value))}</span>;
}
