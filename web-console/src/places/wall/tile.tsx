import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { pictures } from "../../app/console.ts";
import { STATUS_WORDS, StatusLabel, StatusMark } from "../../controls/status.tsx";
import type { Rate } from "../../socket/picture-feed.ts";
import type { Slot, Unknown } from "../../stores/slots.ts";
import { errorWords, nameOf, rateWords } from "../streams/row-words.ts";
import { PictureAge } from "./picture-age.tsx";
import type { Sight } from "./sight.ts";
import { TilePicture } from "./tile-picture.ts";

/** A pointer that only passes over asks for nothing. */
const HOVER_MS = 250;

interface TileProps {
	slot: ReadonlySignal<Slot | Unknown>;
	index: number;
	sight: Sight;
	onZoom: (stream_id: string) => void;
}

/** One stream of the wall. */
export function Tile({ slot, index, sight, onZoom }: TileProps) {
	const shown = slot.value;
	if (typeof shown !== "object") {
		return <li class="tile tile-empty" data-index={index} aria-label={shown === "gone" ? "Deleted" : "Not read yet"} />;
	}
	return (
		<StreamTile
			key={shown.row.stream_id}
			row={shown.row}
			state={shown.state}
			index={index}
			sight={sight}
			onZoom={onZoom}
		/>
	);
}

interface StreamTileProps {
	row: ConsoleRow;
	state: Slot["state"];
	index: number;
	sight: Sight;
	onZoom: (stream_id: string) => void;
}

function StreamTile({ row, state, index, sight, onZoom }: StreamTileProps) {
	const root = useRef<HTMLLIElement>(null);
	const seen = useSignal(false);
	const looked = useSignal(false);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => {
		const element = root.current;
		if (element === null) return;
		return sight.watch(element, (visible) => {
			seen.value = visible;
		});
	}, [sight, seen]);
	useEffect(() => () => clearTimeout(timer.current), []);
	const look = (now: boolean, after = 0) => {
		clearTimeout(timer.current);
		timer.current = setTimeout(() => {
			looked.value = now;
		}, after);
	};
	const rate = seen.value ? rateOf(row, looked.value) : null;
	const name = nameOf(row);

	return (
		<li
			ref={root}
			class="tile"
			data-index={index}
			data-stream-id={row.stream_id}
			data-status={row.status}
			data-state={state}
			data-rate={rate ?? "none"}
			onPointerEnter={() => look(true, HOVER_MS)}
			onPointerLeave={() => look(false)}
		>
			<div class="tile-picture">
				<TileFrame row={row} rate={rate} />
				<button
					type="button"
					class="tile-zoom"
					aria-label={`Enlarge ${name}`}
					onClick={() => onZoom(row.stream_id)}
					onFocus={(event) => {
						if (event.currentTarget.matches(":focus-visible")) look(true);
					}}
					onBlur={() => look(false)}
				/>
			</div>
			<div class="tile-words">
				<span class="tile-status" title={STATUS_WORDS[row.status]}>
					<StatusMark status={row.status} />
					<span class="spoken">{STATUS_WORDS[row.status]}</span>
				</span>
				<a class="tile-name" href={hrefOf("stream", [row.stream_id])} title={name}>
					<bdi>{name}</bdi>
				</a>
				<span class="tile-rate">{rateWords(row)}</span>
			</div>
		</li>
	);
}

/** The picture itself, or why there is none. */
export function TileFrame({ row, rate }: { row: ConsoleRow; rate: Rate | null }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const picture = useSignal<TilePicture | null>(null);
	const runs = row.status === "in_progress";
	const { stream_id } = row;
	useEffect(() => {
		if (canvas.current === null) return;
		const made = new TilePicture(canvas.current, pictures);
		picture.value = made;
		return () => made.end();
	}, [picture]);
	useEffect(() => picture.value?.want(stream_id, rate), [picture.value, stream_id, rate]);
	useEffect(() => {
		if (!runs) picture.value?.clear();
	}, [picture.value, runs]);
	const time = picture.value?.time.value ?? null;

	return (
		<>
			<canvas ref={canvas} class="tile-canvas" hidden={time === null} />
			{time === null && <span class="tile-none">{whyNone(row)}</span>}
			{time !== null && <PictureAge time={time} live={rate === "live"} />}
		</>
	);
}

function whyNone(row: ConsoleRow) {
	if (row.status !== "in_progress") {
		return (
			<>
				<StatusLabel status={row.status} />
				{row.error !== null && <span class="tile-error">{errorWords(row.error)}</span>}
			</>
		);
	}
	return row.pictures.live || row.pictures.still ? "Waiting for a picture" : "Its agent offers no picture";
}

/** How often its pictures are wanted: as stills while nobody looks at it alone. */
function rateOf({ status, pictures: offered }: ConsoleRow, looked: boolean): Rate | null {
	if (status !== "in_progress" || !(offered.live || offered.still)) return null;
	return looked && offered.live ? "live" : "still";
}
