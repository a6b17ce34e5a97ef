import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { Dialog } from "../../controls/dialog.tsx";
import type { MadeToken } from "./create-token-dialog.tsx";

interface SecretDialogProps {
	made: MadeToken;
	onClose: () => void;
}

/**
 * Shows a token, this once: it is nowhere but in what is given here, and whoever shows this drops it on close. Neither Escape nor a
 * click beside it close it: what is gone does not come back.
 */
export function SecretDialog({ made: { name, token }, onClose }: SecretDialogProps) {
	const field = useRef<HTMLInputElement>(null);
	const said = useSignal("");
	const id = useId();
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(token);
			said.value = "Copied.";
		} catch {
			// Not allowed, or not a secure page.
			field.current?.select();
			said.value = "The browser does not let this page copy. The token is selected: copy it by hand.";
		}
	};
	return (
		<Dialog
			title="The token is made"
			onClose={onClose}
			must
			actions={
				<>
					<button type="button" class="button main" onClick={() => void copy()}>
						Copy
					</button>
					<form method="dialog">
						<button type="submit" class="button">
							Close
						</button>
					</form>
				</>
			}
		>
			<div class="form-field">
				<label for={id}>
					Token <bdi>{name}</bdi>
				</label>
				<input
					ref={field}
					id={id}
					class="field mono"
					type="text"
					readOnly
					autoComplete="off"
					spellcheck={false}
					aria-describedby={`${id}-once`}
					value={token}
					onFocus={(event) => event.currentTarget.select()}
				/>
			</div>
			<p id={`${id}-once`} class="token-once">
				It will not be shown again: the service keeps only a hash of it. Copy it now, to where it is used or to a safe
				place.
			</p>
			<p class="soft" role="status">
				{said.value}
			</p>
		</Dialog>
	);
}
