import type { ReadonlySignal } from "@preact/signals";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { Age, Countdown } from "../../controls/age.tsx";
import { StatusLabel } from "../../controls/status.tsx";
import type { Selection } from "../../stores/selection.ts";
import type { Slot, Unknown } from "../../stores/slots.ts";
import { errorWords, nameOf, progressOf, rateWords, restartWords } from "./row-words.ts";

/** The columns, in their order; their widths are in streams.css. */
export const COLUMNS = [
	"Status",
	"Name",
	"Groups",
	"Type",
	"Reference",
	"Version",
	"Progress",
	"Feedback",
	"Restarts",
	"Error",
] as const;

interface StreamRowProps {
	index: number;
	/** px from the top. */
	start: number;
	slot: ReadonlySignal<Slot | Unknown>;
	selection: Selection;
	active: ReadonlySignal<number>;
}

/** The id of a row's element; `aria-activedescendant` names it. */
export function rowId(index: number): string {
	return `row-${index}`;
}

/** One row. Its element is used again for another stream when the table scrolls. */
export function StreamRow({ index, start, slot, selection, active }: StreamRowProps) {
	const shown = slot.value;
	const row = typeof shown === "object" ? shown.row : undefined;
	return (
		<div
			class="row"
			role="row"
			id={rowId(index)}
			aria-rowindex={index + 2}
			aria-selected={row !== undefined && selection.has(row.stream_id)}
			data-index={index}
			data-stream-id={row?.stream_id}
			data-status={row?.status}
			data-state={typeof shown === "object" ? shown.state : shown}
			data-active={active.value === index ? "" : undefined}
			style={{ transform: `translateY(${start}px)` }}
		>
			{row === undefined ? (
				<span class="cell row-empty" role="gridcell">
					{shown === "gone" ? "Deleted" : "…"}
				</span>
			) : (
				<Cells row={row} selection={selection} state={typeof shown === "object" ? shown.state : "here"} />
			)}
		</div>
	);
}

function Cells({ row, selection, state }: { row: ConsoleRow; selection: Selection; state: Slot["state"] }) {
	return (
		<>
			<span class="cell cell-select" role="gridcell">
				<input
					type="checkbox"
					tabIndex={-1}
					aria-label={`Select ${nameOf(row)}`}
					checked={selection.has(row.stream_id)}
				/>
			</span>
			<span class="cell" role="gridcell">
				{state === "gone" ? "Deleted" : <StatusLabel status={row.status} />}
				{state === "left" && (
					<span class="cell-state" title="It does not match the search any more">
						left
					</span>
				)}
				{state === "here" && row.status === "pending" && row.takeable_time !== null && (
					<span class="cell-state" title="Held back: its handler was lost again and again">
						<Countdown time={row.takeable_time} />
					</span>
				)}
			</span>
			<span class="cell cell-name" role="gridcell" title={row.name}>
				<a href={hrefOf("stream", [row.stream_id])} tabIndex={-1}>
					<bdi>{nameOf(row)}</bdi>
				</a>
			</span>
			<span class="cell cell-soft" role="gridcell" title={row.groups.join(", ")}>
				{row.groups.join(", ")}
			</span>
			<span class="cell cell-soft" role="gridcell">
				{row.type}
			</span>
			<span class="cell cell-soft cell-reference" role="gridcell" title={row.reference}>
				<bdi>{row.reference}</bdi>
			</span>
			<span class="cell cell-soft cell-number" role="gridcell">
				{row.version}
			</span>
			<span class="cell cell-soft cell-number" role="gridcell">
				<Progress row={row} />
			</span>
			<span class="cell cell-soft cell-number" role="gridcell">
				{row.feedback_time !== null && <Age time={row.feedback_time} />}
			</span>
			<span class="cell cell-soft cell-number" role="gridcell">
				<Restarts row={row} />
			</span>
			<span class="cell cell-error" role="gridcell" title={row.error === null ? "" : errorWords(row.error)}>
				{row.error !== null && <bdi>{errorWords(row.error)}</bdi>}
			</span>
		</>
	);
}

function Progress({ row }: { row: ConsoleRow }) {
	const progress = progressOf(row);
	if (progress === null) return <>{rateWords(row)}</>;
	const percent = Math.round(Math.min(1, Math.max(0, progress)) * 100);
	return (
		<>
			<progress max={100} value={percent} aria-label={`Progress of ${nameOf(row)}`} />
			<span class="cell-percent">{percent} %</span>
		</>
	);
}

function Restarts({ row }: { row: ConsoleRow }) {
	const { due_time } = row.restart;
	const due = row.status === "failure" ? due_time : null;
	return (
		<>
			{restartWords(row)}
			{due !== null && (
				<span class="cell-due">
					{" in "}
					<Countdown time={due} />
				</span>
			)}
		</>
	);
}
