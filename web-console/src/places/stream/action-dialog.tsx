import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { api } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { go } from "../../app/router.ts";
import { faultText } from "../../controls/asked.ts";
import { Dialog } from "../../controls/dialog.tsx";

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
	const sending = useSignal(false);
	const failure = useSignal("");
	const name = row.name || row.stream_id;
	const word = action === "delete" ? "Delete" : ACTIONS[action].word;

	const act = async () => {
		sending.value = true;
		failure.value = await send(action, row.stream_id);
		sending.value = false;
		if (failure.value !== "") return;
		notify(`${name} ${action === "delete" ? "is deleted" : ACTIONS[action].done}.`, "good");
		onClose();
		if (action === "delete") go("#/streams");
	};
	return (
		<Dialog
			title={`${word} this stream?`}
			onClose={onClose}
			actions={
				<>
					<button type="button" class="button" onClick={onClose}>
						Keep it as it is
					</button>
					<button
						type="button"
						class={action === "delete" ? "button danger" : "button main"}
						disabled={sending.value}
						onClick={() => void act()}
					>
						{word} the stream
					</button>
				</>
			}
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
			{failure.value !== "" && (
				<p class="form-verdict" role="alert">
					{failure.value}
				</p>
			)}
		</Dialog>
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

/** What went wrong, in words; "" when all is well. */
async function send(action: StreamAction, stream_id: string): Promise<string> {
	const path = { params: { path: { stream_id } } };
	try {
		const { error } =
			action === "delete"
				? await api.DELETE("/1/streams/{stream_id}", path)
				: await api.PATCH("/1/streams/{stream_id}", { ...path, body: { status: ACTIONS[action].status } });
		return error === undefined ? "" : faultText(error);
	} catch {
		// Neither yes nor no came back.
		return "The service did not answer. Look whether it happened before you try again.";
	}
}
