import { useSignal } from "@preact/signals";
import { api } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { ConfirmDialog } from "../../controls/confirm-dialog.tsx";
import { TextInput } from "../../controls/text-input.tsx";
import type { Group } from "./group.ts";
import { MAX_DESCRIPTION, wrongDescription } from "./group-checks.ts";

interface EditGroupDialogProps {
	group: Group;
	onClose: () => void;
	onDone: () => void;
}

/** Changes a group's description; its name stays. */
export function EditGroupDialog({ group, onClose, onDone }: EditGroupDialogProps) {
	const description = useSignal(group.description);
	const { group_id, group_name } = group;
	return (
		<ConfirmDialog
			title={`Edit ${group_name}`}
			confirm="Save the description"
			ready={wrongDescription(description.value) === ""}
			act={() =>
				api.PATCH("/1/groups/{group_id}", { params: { path: { group_id } }, body: { description: description.value } })
			}
			onClose={onClose}
			onDone={() => {
				notify("The description is saved.", "good");
				onDone();
			}}
		>
			<TextInput
				label="Description"
				lines={3}
				value={description.value}
				onInput={(text) => {
					description.value = text;
				}}
				message={wrongDescription(description.value)}
				hint={`At most ${MAX_DESCRIPTION} characters.`}
			/>
		</ConfirmDialog>
	);
}
