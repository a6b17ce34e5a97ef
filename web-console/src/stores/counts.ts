import { type ReadonlySignal, signal } from "@preact/signals";
import type { StatusCounts } from "../../../client/console/protocol.ts";
import type { Connection } from "../socket/connection.ts";

export interface Counts {
	readonly counts: StatusCounts;
	/** Per status one count every five seconds, the newest last. */
	readonly history: Readonly<Record<keyof StatusCounts, readonly number[]>>;
}

/** How many streams have each status, now and in the last ten minutes. Null until the first answer. */
export function subscribeCounts(connection: Pick<Connection, "subscribe">): {
	counts: ReadonlySignal<Counts | null>;
	end: () => void;
} {
	const counts = signal<Counts | null>(null);
	const subscription = connection.subscribe({
		question: () => ({ op: "counts" }),
		hear(message) {
			if (message.type === "counts") counts.value = { counts: message.counts, history: message.history };
		},
	});
	return { counts, end: () => subscription.end() };
}
