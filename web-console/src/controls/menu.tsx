import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface MenuProps {
	label: string;
	quiet?: boolean;
	/** Tells more of it to whoever rests on it. */
	title?: string;
	/** What is in it; drawn while it is open. `close` gives the focus back to the button. */
	children: (close: () => void) => ComponentChildren;
}

/** A button that opens a small panel below it. Escape, and a click or focus elsewhere, close it. */
export function Menu({ label, quiet = false, title, children }: MenuProps) {
	const open = useSignal(false);
	const root = useRef<HTMLDivElement>(null);
	const button = useRef<HTMLButtonElement>(null);
	const panel = useId();

	const close = () => {
		open.value = false;
		button.current?.focus();
	};
	useEffect(() => {
		if (!open.value) return;
		const elsewhere = (event: Event) => {
			if (event.target instanceof Node && root.current?.contains(event.target) === false) open.value = false;
		};
		const onEscape = (event: KeyboardEvent) => {
			// This listener is taken away some time after the menu was closed: a dialog that came of it wants the key, too.
			if (event.key !== "Escape" || !open.peek()) return;
			event.preventDefault();
			close();
		};
		document.addEventListener("keydown", onEscape, { capture: true });
		document.addEventListener("pointerdown", elsewhere);
		document.addEventListener("focusin", elsewhere);
		return () => {
			document.removeEventListener("keydown", onEscape, { capture: true });
			document.removeEventListener("pointerdown", elsewhere);
			document.removeEventListener("focusin", elsewhere);
		};
	}, [open.value]);

	return (
		<div class="menu" ref={root}>
			<button
				ref={button}
				type="button"
				class={quiet ? "button quiet" : "button"}
				title={title}
				aria-expanded={open.value}
				aria-controls={panel}
				onClick={() => {
					open.value = !open.value;
				}}
			>
				{label}
				<svg viewBox="0 0 16 16" class="mark" aria-hidden="true">
					<path d="M3 5.5 8 11l5-5.5z" />
				</svg>
			</button>
			{open.value && (
				<div class="menu-panel" id={panel}>
					{children(close)}
				</div>
			)}
		</div>
	);
}
