import type { Stream } from "./stream.ts";

/**
 * What an operator has to look at comes first: failed streams, then those that report or recover from an error,
 * then the waiting ones, the running ones, and those at rest. The same rank: the oldest first, as the API has it.
 */
export function problemsFirst(streams: readonly Stream[]): Stream[] {
	return [...streams].sort((a, b) => rank(a) - rank(b) || compare(a.createTime, b.createTime) || compare(a.id, b.id));
}

function rank(stream: Stream): number {
	switch (stream.status) {
		case "failure":
			return 0;
		case "pending":
			return stream.lastError === undefined ? 2 : 1;
		case "in_progress":
			return stream.lastError === undefined ? 3 : 1;
		case "pause":
			return 4;
		case "done":
			return 5;
		case "cancel":
			return 6;
	}
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** The two lists without their doubles, which are taken from the first. */
export function merged(first: readonly Stream[], second: readonly Stream[]): Stream[] {
	const known = new Set(first.map((stream) => stream.id));
	return [...first, ...second.filter((stream) => !known.has(stream.id))];
}
