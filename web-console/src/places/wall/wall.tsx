import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ConsoleFilter } from "../../../../client/console/protocol.ts";
import { address, setQuery } from "../../app/router.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { Freshness } from "../streams/freshness.tsx";
import { StreamHead, type StreamSearch, useStreamSearch, useStreamsView } from "../streams/stream-search.tsx";
import { useCalmRefresh } from "./calm-refresh.ts";
import { LARGEST, SMALLEST, STEP, sizeOf } from "./layout.ts";
import { WallGrid } from "./wall-grid.tsx";

/** The pictures of all streams that match, problems first. */
export function Wall() {
	const search = useStreamSearch();
	const root = useRef<HTMLDivElement>(null);
	const full = useSignal(false);
	useEffect(() => {
		const onChange = () => {
			full.value = document.fullscreenElement === root.current;
		};
		document.addEventListener("fullscreenchange", onChange);
		return () => document.removeEventListener("fullscreenchange", onChange);
	}, [full]);

	return (
		<div class="wall" ref={root} data-full={full.value ? "" : undefined}>
			<h1 class="spoken">Wall</h1>
			{search.filter === undefined ? (
				<StreamHead search={search} />
			) : (
				<Pictures search={search} filter={search.filter} full={full.value} root={root} />
			)}
		</div>
	);
}

interface PicturesProps {
	search: StreamSearch;
	filter: ConsoleFilter;
	full: boolean;
	root: RefObject<HTMLElement | null>;
}

function Pictures({ search, filter, full, root }: PicturesProps) {
	const size = sizeOf(address.value.query.get("size"));
	const grid = useRef<HTMLDivElement>(null);
	const view = useStreamsView(filter, "problems", () => grid.current?.scrollTo({ top: 0 }));
	useCalmRefresh(view, grid);
	const { state, listed, failure } = view.head.value;
	const resize = (next: number) => setQuery({ size: String(Math.max(SMALLEST, Math.min(LARGEST, next))) });
	const toggleFull = () => {
		// Refused where the browser or a frame does not allow it: then nothing changes.
		if (document.fullscreenElement === null) root.current?.requestFullscreen().catch(() => {});
		else void document.exitFullscreen();
	};
	useShortcuts("Wall", [
		{ keys: ["f"], does: "Full screen, or not", run: toggleFull },
		{ keys: ["+", "="], does: "Larger pictures", run: () => resize(size + STEP) },
		{ keys: ["-"], does: "Smaller pictures", run: () => resize(size - STEP) },
		{ keys: ["/"], does: "Search", run: () => search.focus.current() },
	]);

	return (
		<>
			<StreamHead search={search}>
				<label class="wall-size">
					Size
					<input
						type="range"
						min={SMALLEST}
						max={LARGEST}
						step={STEP}
						value={size}
						onInput={(event) => resize(event.currentTarget.valueAsNumber)}
					/>
				</label>
				<button type="button" class="button" aria-pressed={full} title="f" onClick={toggleFull}>
					Full screen
				</button>
				<Freshness view={view} />
			</StreamHead>
			{state === "failed" ? (
				<p class="note" role="alert">
					{failure}
				</p>
			) : state === "shown" && listed === 0 ? (
				<p class="note">{search.line === "" ? "There are no streams yet." : "No stream matches."}</p>
			) : (
				<WallGrid view={view} size={size} grid={grid} />
			)}
		</>
	);
}
