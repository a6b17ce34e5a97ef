import { useSignal } from "@preact/signals";
import { api } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { ConfirmDialog } from "../../controls/confirm-dialog.tsx";
import { TextInput } from "../../controls/text-input.tsx";

interface DescriptionDialogProps {
	stream_id: string;
	description: string;
	onClose: () => void;
}

/** What a change of the description may hold; a new stream's may be longer. */
const MAX_LENGTH = 128;

/** Changes the description, and nothing else. */
export function DescriptionDialog({ stream_id, description, onClose }: DescriptionDialogProps) {
	const text = useSignal(description);
	const length = [...text.value].length;
	return (
		<ConfirmDialog
			title="Edit the description"
			confirm="Save the description"
			ready={length <= MAX_LENGTH}
			act={() =>
				api.PATCH("/1/streams/{stream_id}", { params: { path: { stream_id } }, body: { description: text.value } })
			}
			onClose={onClose}
			onDone={() => notify("The description is saved.", "good")}
		>
			<TextInput
				label="Description"
				lines={3}
				value={text.value}
				onInput={(next) => {
					text.value = next;
				}}
				message={
					length > MAX_LENGTH
						? `At most ${MAX_LENGTH} characters; these are ${length}. Recreate the stream for a longer one.`
						: ""
				}
				hint={`${length} of ${MAX_LENGTH} characters`}
			/>
		</ConfirmDialog>
	);
}
