import type { Signal } from "@preact/signals";
import { hrefOf } from "../../app/address.ts";
import { go } from "../../app/router.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import type { Selection } from "../../stores/selection.ts";
import type { StreamsView } from "../../stores/streams-view.ts";
import { selectRange } from "./streams-table.tsx";

const PAGE = 15;

interface TableKeys {
	view: StreamsView;
	selection: Selection;
	active: Signal<number>;
	focusSearch: { current: () => void };
}

/** What the keyboard does in a table of streams. */
export function useTableKeys({ view, selection, active, focusSearch }: TableKeys): void {
	const move = (index: number) => {
		active.value = Math.max(0, Math.min(view.head.peek().listed - 1, index));
	};
	const extend = (by: number) => {
		const before = Math.max(0, active.peek());
		move(before + by);
		void selectRange(view, selection, before, active.peek());
	};
	const id = () => view.slots.idAt(active.peek());
	useShortcuts("Streams", [
		{ keys: ["j", "ArrowDown"], does: "Next stream", run: () => move(active.peek() + 1) },
		{ keys: ["k", "ArrowUp"], does: "Previous stream", run: () => move(active.peek() - 1) },
		{ keys: ["PageDown"], does: "Further down", run: () => move(active.peek() + PAGE) },
		{ keys: ["PageUp"], does: "Further up", run: () => move(active.peek() - PAGE) },
		{ keys: ["Home"], does: "First stream", run: () => move(0) },
		{ keys: ["End"], does: "Last stream", run: () => move(view.head.peek().listed - 1) },
		{
			keys: ["Enter"],
			does: "Open the stream",
			run: () => {
				const stream_id = id();
				if (stream_id !== undefined) go(hrefOf("stream", [stream_id]));
			},
		},
		{
			keys: ["x", "Space"],
			does: "Select the stream, or not",
			run: () => {
				const stream_id = id();
				if (stream_id !== undefined) selection.toggle(stream_id, active.peek());
			},
		},
		{ keys: ["Shift+J", "Shift+ArrowDown"], does: "Select on downwards", run: () => extend(1) },
		{ keys: ["Shift+K", "Shift+ArrowUp"], does: "Select on upwards", run: () => extend(-1) },
		{ keys: ["Shift+A", "Ctrl+a"], does: "Select all that match", run: () => selection.all() },
		{ keys: ["Escape"], does: "Select none", run: () => selection.clear() },
		{ keys: ["/"], does: "Search", run: () => focusSearch.current() },
		{ keys: ["."], does: "Show what is new", run: () => view.refresh() },
	]);
}
