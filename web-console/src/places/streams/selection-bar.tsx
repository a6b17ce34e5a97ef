import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BulkAction, ConsoleFilter } from "../../../../client/console/protocol.ts";
import { connection, consoleApi } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { Bulk } from "../../stores/bulk.ts";
import type { GroupList } from "../../stores/group-names.ts";
import type { Selection } from "../../stores/selection.ts";
import type { StreamsView } from "../../stores/streams-view.ts";
import { ActionDialog } from "./action-dialog.tsx";
import { ACTION_WORDS, streamsWords } from "./action-words.ts";

/** With the key that does it. */
const ACTIONS: readonly (readonly [BulkAction, string])[] = [
	["pause", "p"],
	["resume", "r"],
	["cancel", "c"],
	["attach", "a"],
	["detach", "d"],
	["delete", "Delete"],
];

interface SelectionBarProps {
	view: StreamsView;
	selection: Selection;
	filter: ConsoleFilter;
	/** The search line cannot be read: what is shown is not what it says. */
	invalid: boolean;
	groups: GroupList;
}

/** What can be done with what is selected. */
export function SelectionBar({ view, selection, filter, invalid, groups }: SelectionBarProps) {
	const bulk = useSignal<Bulk | null>(null);
	const selected = selection.selected.value;
	const { total } = view.head.value;
	const count = selected.kind === "all" ? total : selected.ids.size;
	const nothing = count === 0 || (selected.kind === "all" && invalid);
	useEffect(() => () => bulk.peek()?.end(), [bulk]);

	const begin = (action: BulkAction) => {
		if (count === 0) notify("Select streams first: x selects one, Shift+A all that match.");
		if (nothing || bulk.peek() !== null) return;
		const of = selected.kind === "all" ? { filter } : { stream_ids: [...selected.ids] };
		bulk.value = new Bulk(action, of, consoleApi, connection);
	};
	useShortcuts(
		"The selection",
		ACTIONS.map(([action, key]) => ({
			keys: [key],
			does: `${ACTION_WORDS[action]} what is selected`,
			run: () => begin(action),
		})),
	);

	return (
		<>
			{count > 0 && (
				<div class="selection" role="toolbar" aria-label="What is selected">
					<span class="selection-count" role="status">
						{selected.kind === "all" ? `All ${streamsWords(count)} that match` : `${streamsWords(count)} selected`}
					</span>
					{selected.kind === "some" && count < total && (
						<button type="button" class="button quiet" onClick={() => selection.all()}>
							All {streamsWords(total)} that match
						</button>
					)}
					<span class="selection-gap" />
					{ACTIONS.map(([action, key]) => (
						<button
							key={action}
							type="button"
							class={action === "delete" ? "button danger" : "button"}
							title={key}
							disabled={nothing}
							onClick={() => begin(action)}
						>
							{ACTION_WORDS[action]}
						</button>
					))}
					<button type="button" class="button quiet" title="Escape" onClick={() => selection.clear()}>
						Clear
					</button>
				</div>
			)}
			{bulk.value !== null && (
				<ActionDialog
					bulk={bulk.value}
					groups={groups.groups.value}
					onClose={() => {
						bulk.peek()?.end();
						bulk.value = null;
					}}
				/>
			)}
		</>
	);
}
