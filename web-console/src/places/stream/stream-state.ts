import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { connection } from "../../app/console.ts";

export type StreamState =
	| { readonly kind: "asking" }
	| { readonly kind: "gone" }
	| { readonly kind: "failed"; readonly why: string }
	| { readonly kind: "there"; readonly row: ConsoleRow; readonly stream: Readonly<Record<string, unknown>> };

/** One stream as it is now, live. */
export function useStream(stream_id: string): ReadonlySignal<StreamState> {
	const state = useSignal<StreamState>({ kind: "asking" });
	useEffect(() => {
		state.value = { kind: "asking" };
		const subscription = connection.subscribe({
			question: () => ({ op: "stream", stream_id }),
			hear(heard) {
				const now = state.peek();
				if (heard.type === "stream") {
					const { detail } = heard;
					if (detail === null) state.value = { kind: "gone" };
					// A row older than the one that is known came the longer way.
					else if (now.kind !== "there" || detail.row.revision >= now.row.revision)
						state.value = { kind: "there", ...detail };
				} else if (heard.type === "telemetry" && now.kind === "there") {
					const news = heard.rows.find((each) => each.stream_id === now.row.stream_id);
					if (news !== undefined) state.value = { ...now, row: { ...now.row, ...news } };
				} else if (heard.type === "error") state.value = { kind: "failed", why: `${heard.desc}: ${heard.detail}` };
			},
		});
		return () => subscription.end();
	}, [stream_id]);
	return state;
}
