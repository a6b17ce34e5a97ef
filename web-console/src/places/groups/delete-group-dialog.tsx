import { api } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { dataOf, useAsked } from "../../controls/asked.ts";
import { ConfirmDialog } from "../../controls/confirm-dialog.tsx";
import { countOf } from "../../controls/units.ts";
import type { Group } from "./group.ts";

interface DeleteGroupDialogProps {
	group: Group;
	onClose: () => void;
	onDone: () => void;
}

/** Says what becomes of the group's streams, counted when it is asked, and deletes the group. */
export function DeleteGroupDialog({ group: { group_id, group_name }, onClose, onDone }: DeleteGroupDialogProps) {
	const asked = useAsked(
		async (signal) => {
			const answer = await api.GET("/1/streams/count", { params: { query: { group_name } }, signal });
			return dataOf(answer).streams_count;
		},
		[group_name],
	).value;
	const count = asked.value;
	return (
		<ConfirmDialog
			title={`Delete the group ${group_name}?`}
			confirm="Delete the group"
			keep="Keep the group"
			danger
			ready={count !== undefined || asked.failure !== undefined}
			act={() => api.DELETE("/1/groups/{group_id}", { params: { path: { group_id } } })}
			onClose={onClose}
			onDone={() => {
				notify(`The group ${group_name} is deleted.`, "good");
				onDone();
			}}
		>
			<p>{count === undefined ? (asked.failure ?? "Counting its streams …") : consequence(count)}</p>
		</ConfirmDialog>
	);
}

function consequence(count: number): string {
	if (count === 0) return "No stream is in it. This cannot be undone.";
	return `${countOf(count, "stream")} ${count === 1 ? "is" : "are"} in it: ${count === 1 ? "it stays as it is, and goes on" : "they stay as they are, and go on"}, but ${count === 1 ? "is" : "are"} not in this group any more. This cannot be undone.`;
}
