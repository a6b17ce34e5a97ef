import type { Signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { hrefOf } from "../../app/address.ts";
import { go } from "../../app/router.ts";
import { useVirtual } from "../../controls/virtual.ts";
import type { Selection } from "../../stores/selection.ts";
import type { StreamsView } from "../../stores/streams-view.ts";
import { COLUMNS, rowId, StreamRow } from "./stream-row.tsx";

const ROW = 30;
/** A range goes over no more rows than this; for more there is "all that match". */
const MAX_RANGE = 5000;

interface StreamsTableProps {
	view: StreamsView;
	selection: Selection;
	active: Signal<number>;
	/** Where it was left, px. */
	offset: { current: number };
}

/** The rows of a view, of which only those on screen are there. */
export function StreamsTable({ view, selection, active, offset }: StreamsTableProps) {
	const scroller = useRef<HTMLDivElement>(null);
	const { listed, round, total } = view.head.value;
	const virtual = useVirtual({ count: listed, size: ROW, header: ROW, scroller, offset: offset.current });
	const items = virtual.getVirtualItems();
	const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
	// One element per place on the screen and a few more: they are used again as the table scrolls.
	const pool = useRef(0);
	pool.current = Math.max(pool.current, items.length + 2);

	useEffect(() => view.look(first, last), [view, first, last, round]);
	// A row that has become active is brought on screen, and only then.
	useLayoutEffect(() => {
		if (active.value >= 0 && active.value < listed) virtual.scrollToIndex(active.value, { align: "auto" });
	}, [active.value]);

	const onClick = (event: MouseEvent) => {
		const { target } = event;
		if (!(target instanceof Element) || target.closest("a") !== null) return;
		const index = Number(target.closest("[data-index]")?.getAttribute("data-index") ?? -1);
		const id = view.slots.idAt(index);
		if (id === undefined) return;
		const inBox = target.closest(".cell-select") !== null;
		if (event.shiftKey) void selectRange(view, selection, selection.anchor, index);
		else if (inBox || event.ctrlKey || event.metaKey) selection.toggle(id, index);
		else selection.only(id, index);
		active.value = index;
		// What the box shows is what is selected, and the keyboard goes on from here.
		if (target instanceof HTMLInputElement) target.checked = selection.has(id);
		scroller.current?.focus({ preventScroll: true });
	};

	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: every row is reached and selected by the shortcuts of the place
		<div
			class="grid"
			ref={scroller}
			role="grid"
			tabIndex={0}
			aria-label="Streams"
			aria-multiselectable="true"
			aria-rowcount={listed + 1}
			aria-colcount={COLUMNS.length + 1}
			aria-activedescendant={
				active.value >= first && active.value <= last && listed > 0 ? rowId(active.value) : undefined
			}
			onClick={onClick}
			onDblClick={(event) => {
				const id =
					event.target instanceof Element && event.target.closest("[data-stream-id]")?.getAttribute("data-stream-id");
				if (id) go(hrefOf("stream", [id]));
			}}
			onMouseDown={(event) => {
				// A range of rows, not of text.
				if (event.shiftKey) event.preventDefault();
			}}
			onScroll={() => {
				offset.current = scroller.current?.scrollTop ?? 0;
			}}
		>
			<div class="row row-head" role="row" aria-rowindex={1}>
				<span class="cell cell-select" role="columnheader">
					<span class="spoken">Selected</span>
				</span>
				{COLUMNS.map((title) => (
					<span key={title} class={NUMBERS.has(title) ? "cell cell-number" : "cell"} role="columnheader">
						{title}
					</span>
				))}
			</div>
			<div class="rows" role="rowgroup" style={{ height: `${virtual.getTotalSize() - ROW}px` }}>
				{items.map(({ index, start }) => (
					<StreamRow
						key={index % pool.current}
						index={index}
						start={start - ROW}
						slot={view.slots.at(index)}
						selection={selection}
						active={active}
					/>
				))}
			</div>
			{total > listed && (
				<p class="note">
					{listed.toLocaleString("en")} of {total.toLocaleString("en")} can be scrolled to; search for the others.
				</p>
			)}
		</div>
	);
}

const NUMBERS: ReadonlySet<string> = new Set(["Version", "Progress", "Feedback", "Restarts"]);

/** Selects from one row to another, as far as a range goes. */
export async function selectRange(view: StreamsView, selection: Selection, from: number, to: number): Promise<void> {
	const far = Math.abs(to - from) > MAX_RANGE ? from + Math.sign(to - from) * MAX_RANGE : to;
	selection.add(await view.ids(from, far));
}
