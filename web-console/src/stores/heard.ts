import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { connection } from "../app/console.ts";
import type { Heard, Question } from "../socket/messages.ts";

export interface Told<T extends Heard["type"]> {
	/** The newest message; stays while the connection is away. */
	readonly message?: Extract<Heard, { type: T }>;
	/** Why there is none, in words. */
	readonly failure?: string;
}

/** Subscribes to one kind of message while the component is there; asks anew when `inputs` change. */
export function useHeard<T extends Heard["type"]>(
	type: T,
	question: () => Question,
	inputs: readonly unknown[],
): ReadonlySignal<Told<T>> {
	const told = useSignal<Told<T>>({});
	useEffect(() => {
		told.value = {};
		const subscription = connection.subscribe({
			question,
			hear(heard) {
				if (isOf(heard, type)) told.value = { message: heard };
				else if (heard.type === "error") told.value = { failure: `${heard.desc}: ${heard.detail}` };
			},
		});
		return () => subscription.end();
	}, inputs);
	return told;
}

function isOf<T extends Heard["type"]>(heard: Heard, type: T): heard is Extract<Heard, { type: T }> {
	return heard.type === type;
}
