import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { faultText } from "./asked.ts";
import { Dialog } from "./dialog.tsx";

interface ConfirmDialogProps {
	title: string;
	/** What the button says: "Delete the group". */
	confirm: string;
	/** What the other button says. */
	keep?: string;
	danger?: boolean;
	/** False while what is filled in cannot be sent. */
	ready?: boolean;
	/** Does it; answers like the API's client, with an error or without. */
	act: () => Promise<{ error?: unknown }>;
	/** What is said of an error; the catalogue's words when absent. */
	wordsOf?: (error: unknown) => string;
	/** All went well. */
	onDone: () => void;
	onClose: () => void;
	children: ComponentChildren;
}

/** Asks before something is done, does it, and says why when it could not be done. */
export function ConfirmDialog(props: ConfirmDialogProps) {
	const { title, confirm, keep = "Cancel", danger = false, ready = true, onDone, onClose, children } = props;
	const form = useId();
	const sending = useSignal(false);
	const failure = useSignal("");
	const send = async () => {
		if (!ready || sending.value) return;
		sending.value = true;
		failure.value = await told(props);
		sending.value = false;
		if (failure.value !== "") return;
		onClose();
		onDone();
	};
	return (
		<Dialog
			title={title}
			onClose={onClose}
			actions={
				<>
					<button type="button" class="button" onClick={onClose}>
						{keep}
					</button>
					<button
						type="submit"
						form={form}
						class={danger ? "button danger" : "button main"}
						disabled={!ready || sending.value}
					>
						{confirm}
					</button>
				</>
			}
		>
			<form
				id={form}
				class="dialog-form"
				noValidate
				onSubmit={(event) => {
					event.preventDefault();
					void send();
				}}
			>
				{children}
			</form>
			{failure.value !== "" && (
				<p class="form-verdict" role="alert">
					{failure.value}
				</p>
			)}
		</Dialog>
	);
}

/** What went wrong, in words; "" when all is well. */
async function told({ act, wordsOf = faultText }: ConfirmDialogProps): Promise<string> {
	try {
		const { error } = await act();
		return error === undefined ? "" : wordsOf(error);
	} catch {
		// Neither yes nor no came back.
		return "The service did not answer. Look whether it happened before you try again.";
	}
}
