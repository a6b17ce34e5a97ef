import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { useShortcuts } from "../../app/shortcuts.ts";
import { useVirtual } from "../../controls/virtual.ts";
import type { StreamsView } from "../../stores/streams-view.ts";
import { GAP, layoutOf } from "./layout.ts";
import { Sight } from "./sight.ts";
import { Tile } from "./tile.tsx";
import { ZoomDialog } from "./zoom-dialog.tsx";

interface WallGridProps {
	view: StreamsView;
	size: number;
	grid: RefObject<HTMLDivElement | null>;
}

/** Tiles of which only those on screen are there, and of those only the visible ones ask for pictures. */
export function WallGrid({ view, size, grid }: WallGridProps) {
	const width = useSignal(0);
	const sight = useSignal<Sight | null>(null);
	const zoomed = useSignal<string | null>(null);
	const { listed, round } = view.head.value;
	const { columns, row } = layoutOf(width.value, size);
	const virtual = useVirtual({
		count: width.value === 0 ? 0 : Math.ceil(listed / columns),
		size: row,
		header: GAP,
		scroller: grid,
		offset: 0,
		overscan: 1,
	});
	const rows = virtual.getVirtualItems();
	const first = (rows[0]?.index ?? 0) * columns;
	const last = Math.min(listed, ((rows.at(-1)?.index ?? 0) + 1) * columns) - 1;

	useLayoutEffect(() => {
		if (grid.current === null) return;
		const made = new Sight(grid.current);
		sight.value = made;
		const observer = new ResizeObserver(([entry]) => {
			width.value = Math.floor(entry?.contentRect.width ?? 0);
		});
		observer.observe(grid.current);
		return () => {
			made.end();
			observer.disconnect();
		};
	}, [grid, sight, width]);
	useEffect(() => view.look(first, Math.max(first, last)), [view, first, last, round]);

	const move = (by: number) => {
		const at = grid.current?.querySelector(".tile:focus-within")?.getAttribute("data-index");
		const next = at == null ? first : Math.max(0, Math.min(listed - 1, Number(at) + by));
		virtual.scrollToIndex(Math.floor(next / columns), { align: "auto" });
		const tile = () => grid.current?.querySelector<HTMLElement>(`.tile[data-index="${next}"] .tile-zoom`);
		// At once where it is there already: the key that comes next may be meant for it.
		const there = tile();
		if (there) there.focus({ preventScroll: true });
		else requestAnimationFrame(() => tile()?.focus({ preventScroll: true }));
	};
	useShortcuts("Pictures", [
		{ keys: ["ArrowRight", "l"], does: "Next picture", run: () => move(1) },
		{ keys: ["ArrowLeft", "h"], does: "Previous picture", run: () => move(-1) },
		{ keys: ["ArrowDown", "j"], does: "Picture below", run: () => move(columns) },
		{ keys: ["ArrowUp", "k"], does: "Picture above", run: () => move(-columns) },
	]);
	const observed = sight.value;
	const zoomedAt = zoomed.value === null ? undefined : view.slots.indexOf(zoomed.value);

	return (
		<div class="wall-grid" ref={grid}>
			<ul
				class="tiles"
				aria-label="Pictures"
				style={{
					height: `${virtual.getTotalSize()}px`,
					"--from": `${rows[0]?.start ?? GAP}px`,
					"--columns": String(columns),
					"--tile-row": `${row - GAP}px`,
				}}
			>
				{observed !== null &&
					indexes(first, last).map((index) => (
						<Tile
							key={view.slots.idAt(index) ?? index}
							slot={view.slots.at(index)}
							index={index}
							sight={observed}
							onZoom={(id) => {
								zoomed.value = id;
							}}
						/>
					))}
			</ul>
			{zoomedAt !== undefined && (
				<ZoomDialog
					slot={view.slots.at(zoomedAt)}
					onClose={() => {
						zoomed.value = null;
					}}
				/>
			)}
		</div>
	);
}

function indexes(first: number, last: number): number[] {
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}
