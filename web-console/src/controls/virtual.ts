import { signal } from "@preact/signals";
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export interface VirtualOptions {
	readonly count: number;
	/** Height of every item, px. */
	readonly size: number;
	/** Height of what stands above the first one, px; sticks to the top. */
	readonly header: number;
	readonly scroller: RefObject<HTMLElement | null>;
	/** Where it begins, px. */
	readonly offset: number;
	/** Items that are drawn on either side of the screen; 6 when absent. */
	readonly overscan?: number;
}

/** Which items of a long list are on screen; the component is drawn again when others are. */
export function useVirtual({
	count,
	size,
	header,
	scroller,
	offset,
	overscan = 6,
}: VirtualOptions): Virtualizer<HTMLElement, HTMLElement> {
	const drawn = useRef(signal(0)).current;
	const made = useRef<Virtualizer<HTMLElement, HTMLElement>>(null);
	const options = {
		count,
		getScrollElement: () => scroller.current,
		estimateSize: () => size,
		overscan,
		paddingStart: header,
		scrollPaddingStart: header,
		initialOffset: offset,
		scrollToFn: elementScroll,
		observeElementRect,
		observeElementOffset,
		onChange: () => {
			drawn.value++;
		},
	};
	made.current ??= new Virtualizer<HTMLElement, HTMLElement>(options);
	const virtualizer = made.current;
	virtualizer.setOptions(options);
	// Sizes are estimated once per item: other ones have to be told.
	const before = useRef(size);
	if (before.current !== size) {
		before.current = size;
		virtualizer.measure();
	}
	drawn.value;
	useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
	useLayoutEffect(() => virtualizer._willUpdate());
	return virtualizer;
}
