import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { api } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { faultText } from "../../controls/asked.ts";
import { Dialog } from "../../controls/dialog.tsx";

interface DescriptionDialogProps {
	stream_id: string;
	description: string;
	onClose: () => void;
}

/** What a change of the description may hold; a new stream's may be longer. */
const MAX_LENGTH = 128;

/** Changes the description, and nothing else. */
export function DescriptionDialog({ stream_id, description, onClose }: DescriptionDialogProps) {
	const id = useId();
	const text = useSignal(description);
	const failure = useSignal("");
	const sending = useSignal(false);
	const length = [...text.value].length;

	const save = async () => {
		if (length > MAX_LENGTH) return;
		sending.value = true;
		try {
			const { error } = await api.PATCH("/1/streams/{stream_id}", {
				params: { path: { stream_id } },
				body: { description: text.value },
			});
			failure.value = error === undefined ? "" : faultText(error);
		} catch {
			// Neither yes nor no came back.
			failure.value = "The service did not answer. Try again.";
		}
		sending.value = false;
		if (failure.value !== "") return;
		notify("The description is saved.", "good");
		onClose();
	};
	return (
		<Dialog
			title="Edit the description"
			onClose={onClose}
			actions={
				<>
					<button type="button" class="button" onClick={onClose}>
						Cancel
					</button>
					<button type="submit" form={`${id}-form`} class="button main" disabled={sending.value || length > MAX_LENGTH}>
						Save the description
					</button>
				</>
			}
		>
			<form
				id={`${id}-form`}
				class="form-field"
				data-wrong={length > MAX_LENGTH}
				onSubmit={(event) => {
					event.preventDefault();
					void save();
				}}
			>
				<label for={id}>Description</label>
				<textarea
					id={id}
					class="field"
					rows={3}
					dir="auto"
					aria-invalid={length > MAX_LENGTH}
					aria-describedby={`${id}-hint`}
					value={text.value}
					onInput={(event) => {
						text.value = event.currentTarget.value;
					}}
				/>
				<p class="form-hint" id={`${id}-hint`}>
					{length} of {MAX_LENGTH} characters
				</p>
			</form>
			{failure.value !== "" && (
				<p class="form-verdict" role="alert">
					{failure.value}
				</p>
			)}
		</Dialog>
	);
}
