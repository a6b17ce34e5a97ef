import type { Status } from "../../../client/console/protocol.ts";

/** In the order in which an operator looks. */
export const STATUSES = [
	"failure",
	"pending",
	"in_progress",
	"pause",
	"done",
	"cancel",
] as const satisfies readonly Status[];

/** The word for a status; the API's own words are kept where they are English. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
	failure: "Failure",
	pending: "Pending",
	in_progress: "In progress",
	pause: "Paused",
	done: "Done",
	cancel: "Cancelled",
};

/** A shape for every status, so that colour is never the only sign. Drawn in a square of 16. */
const SHAPES: Readonly<Record<Status, string>> = {
	failure: "M8 1.5 15 14H1Z M7.2 6h1.6v4H7.2z M7.2 11h1.6v1.6H7.2z",
	pending:
		"M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8Z M7.2 4.5h1.6v3.2l2.3 1.4-.8 1.3-3.1-1.9z",
	in_progress: "M3.5 2 14 8 3.5 14Z",
	pause: "M3 2h3.6v12H3z M9.4 2H13v12H9.4z",
	done: "M6.2 13.4 1 8.2l1.9-1.9 3.3 3.3 6.9-7L15 4.5z",
	cancel: "M3 1.6 8 6.6l5-5L14.4 3l-5 5 5 5L13 14.4l-5-5-5 5L1.6 13l5-5-5-5z",
};

/** The shape of a status; its word stands beside it. */
export function StatusMark({ status }: { status: Status }) {
	return (
		<svg viewBox="0 0 16 16" class="mark" aria-hidden="true">
			<path fill-rule="evenodd" d={SHAPES[status]} />
		</svg>
	);
}

/** A status by colour, shape and word. */
export function StatusLabel({ status }: { status: Status }) {
	return (
		<span class="status" data-status={status}>
			<StatusMark status={status} />
			{STATUS_WORDS[status]}
		</span>
	);
}
