import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { StreamsView } from "../../stores/streams-view.ts";

/** Nobody has touched the wall for so long. */
const CALM_MS = 4000;
const CHECK_MS = 1000;

/**
 * Puts the wall into the order of now, problems first, when that has changed and nobody is about to click: the pointer has
 * not moved for a while, and neither it nor the focus is on a picture. A wall that hangs on a wall is never touched.
 */
export function useCalmRefresh(view: StreamsView, grid: RefObject<HTMLElement | null>): void {
	useEffect(() => {
		let touched = 0;
		const touch = () => {
			touched = performance.now();
		};
		const events = ["pointermove", "pointerdown", "wheel", "focusin", "keydown"] as const;
		for (const event of events) document.addEventListener(event, touch, { passive: true });
		const timer = setInterval(() => {
			const { state, appeared, strayed, moved } = view.head.peek();
			const news = appeared > 0 || strayed > 0 || moved;
			if (document.hidden || state !== "shown" || !news || performance.now() - touched < CALM_MS) return;
			if (grid.current?.matches(":hover, :focus-within") || document.querySelector("dialog[open]") !== null) return;
			view.refresh();
		}, CHECK_MS);
		return () => {
			clearInterval(timer);
			for (const event of events) document.removeEventListener(event, touch);
		};
	}, [view, grid]);
}
