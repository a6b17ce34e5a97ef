import type { ComponentChildren } from "preact";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { api } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { go } from "../../app/router.ts";
import { wayTo } from "../../app/way-to.ts";
import { ConfirmDialog } from "../../controls/confirm-dialog.tsx";
import { isolated } from "../../controls/isolated.ts";

export const ACTIONS = {
	pause: { word: "Pause", status: "pause", done: "is paused" },
	resume: { word: "Resume", status: "pending", done: "waits for an agent" },
	cancel: { word: "Cancel", status: "cancel", done: "is cancelled" },
} as const;
export type StreamAction = keyof typeof ACTIONS | "delete";

interface ActionDialogProps {
	action: StreamAction;
	row: ConsoleRow;
	onClose: () => void;
}

/** Says what an action means for this stream, and does it. */
export function ActionDialog({ action, row, onClose }: ActionDialogProps) {
	const { stream_id } = row;
	const name = row.name || stream_id;
	const word = action === "delete" ? "Delete" : ACTIONS[action].word;
	const path = { params: { path: { stream_id } } };
	return (
		<ConfirmDialog
			title={`${word} this stream?`}
			confirm={`${word} the stream`}
			keep="Keep it as it is"
			danger={action === "delete"}
			act={() =>
				action === "delete"
					? api.DELETE("/1/streams/{stream_id}", path)
					: api.PATCH("/1/streams/{stream_id}", { ...path, body: { status: ACTIONS[action].status } })
			}
			onClose={onClose}
			onDone={() => {
				notify(`${isolated(name)} ${action === "delete" ? "is deleted" : ACTIONS[action].done}.`, "good");
				if (action === "delete") go(wayTo("streams"));
			}}
		>
			<p>
				{meaning(
					action,
					row,
					<strong>
						<bdi>{name}</bdi>
					</strong>,
				)}
			</p>
		</ConfirmDialog>
	);
}

function meaning(action: StreamAction, { status, groups }: ConsoleRow, name: ComponentChildren): ComponentChildren {
	const running = status === "in_progress";
	switch (action) {
		case "pause":
			return (
				<>
					{name} {running ? "is taken from its agent" : "leaves the queue"} and waits until somebody resumes it.
				</>
			);
		case "resume":
			return <>{name} goes to the queue, and the next free agent takes it. Its restart attempts begin anew.</>;
		case "cancel":
			return (
				<>
					{name} {running ? "is taken from its agent" : "is not processed any more"}. It can be resumed later.
				</>
			);
		case "delete":
			return (
				<>
					{name} is deleted{running ? ", its agent stops it" : ""}
					{groups.length > 0
						? `, and it leaves ${groups.length === 1 ? "its group" : `its ${groups.length} groups`}`
						: ""}
					. Its log stays for a while. This cannot be undone.
				</>
			);
	}
}
