import type { ReadonlySignal } from "@preact/signals";
import { hrefOf } from "../../app/address.ts";
import { Dialog } from "../../controls/dialog.tsx";
import { StatusLabel } from "../../controls/status.tsx";
import type { Slot, Unknown } from "../../stores/slots.ts";
import { errorWords, nameOf, rateWords } from "../streams/row-words.ts";
import { TileFrame } from "./tile.tsx";

/** One stream of the wall, large and live. */
export function ZoomDialog({ slot, onClose }: { slot: ReadonlySignal<Slot | Unknown>; onClose: () => void }) {
	const shown = slot.value;
	if (typeof shown !== "object") return null;
	const { row } = shown;
	const rate = row.status !== "in_progress" ? null : row.pictures.live ? "live" : row.pictures.still ? "still" : null;
	const size = row.width !== null && row.height !== null && row.width > 0 ? `${row.width} × ${row.height}` : "";
	return (
		<Dialog
			title={nameOf(row)}
			onClose={onClose}
			huge
			actions={
				<>
					<button type="button" class="button" onClick={onClose}>
						Close
					</button>
					<a class="button main" href={hrefOf("stream", [row.stream_id])}>
						Open the stream
					</a>
				</>
			}
		>
			<div class="zoom-picture" data-stream-id={row.stream_id}>
				<TileFrame row={row} rate={rate} />
			</div>
			<p class="zoom-words">
				<StatusLabel status={row.status} />{" "}
				{[size, rateWords(row), row.groups.join(", ")].filter((each) => each !== "").join(" · ")}
			</p>
			{row.error !== null && <p class="cell-error">{errorWords(row.error)}</p>}
		</Dialog>
	);
}
