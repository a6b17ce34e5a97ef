import { signal } from "@preact/signals";

export interface Notice {
	readonly id: number;
	readonly text: string;
	readonly tone: "plain" | "good" | "bad";
}

/** As many as are shown at once; the oldest goes first. */
const MAX_SHOWN = 4;
const SHOWN_MS = 6000;

/** What just happened, in words, for eyes and for screen readers. */
export const notices = signal<readonly Notice[]>([]);
/** Said to screen readers only. */
export const spoken = signal("");

let last = 0;

/** Shows and says a sentence for six seconds; a bad one stays until it is dismissed. */
export function notify(text: string, tone: Notice["tone"] = "plain"): void {
	const notice = { id: ++last, text, tone };
	notices.value = [...notices.peek(), notice].slice(-MAX_SHOWN);
	if (tone !== "bad") setTimeout(() => dismiss(notice.id), SHOWN_MS);
}

export function dismiss(id: number): void {
	notices.value = notices.peek().filter((each) => each.id !== id);
}

/** Says a sentence to screen readers. */
export function announce(text: string): void {
	spoken.value = text;
}
