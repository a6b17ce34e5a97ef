import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
	title: string;
	/** Called when it is closed in whatever way; the one who shows it takes it away then. */
	onClose: () => void;
	/** Buttons at the bottom, the main one last. Without any there is one to close it. */
	actions?: ComponentChildren;
	wide?: boolean;
	/** Only its buttons lead out of it. */
	must?: boolean;
	/** As large as the window. */
	huge?: boolean;
	children: ComponentChildren;
}

/** A modal dialog: the browser's own, so that focus stays inside, Escape closes it, and focus goes back to where it was. */
export function Dialog({ title, onClose, actions, wide = false, huge = false, must = false, children }: DialogProps) {
	const dialog = useRef<HTMLDialogElement>(null);
	const before = useRef<Element | null>(null);
	const heading = useId();

	useLayoutEffect(() => {
		before.current = document.activeElement;
		dialog.current?.showModal();
	}, []);
	useEffect(
		() => () => {
			// Taken away while it is open, the browser gives the focus to nobody.
			if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
		},
		[],
	);

	return (
		<dialog
			ref={dialog}
			class={huge ? "dialog huge" : wide ? "dialog wide" : "dialog"}
			aria-labelledby={heading}
			onClose={onClose}
			closedby={must ? "none" : "any"}
		>
			<div class="dialog-body">
				<h2 id={heading}>{title}</h2>
				{children}
				<div class="dialog-actions">
					{actions ?? (
						<button type="button" class="button" onClick={() => dialog.current?.close()}>
							Close
						</button>
					)}
				</div>
			</div>
		</dialog>
	);
}
