import type { RecordStatus } from "../../../client/console/protocol.ts";
import { STATUSES, StatusLabel } from "./status.tsx";

/** Words for what stands in logs only. */
const PASSING_WORDS: Readonly<Record<string, string>> = {
	restart: "Restart",
	handler_lost: "Agent lost",
	deleted: "Deleted",
};

/** The status of a log record: one of the six as everywhere, an event in passing by its word and a smaller sign. */
export function RecordLabel({ status }: { status: RecordStatus }) {
	const shown = STATUSES.find((each) => each === status);
	if (shown !== undefined) return <StatusLabel status={shown} />;
	return (
		<span class="status" data-status={status}>
			<svg viewBox="0 0 16 16" class="mark" aria-hidden="true">
				<circle cx="8" cy="8" r="4" />
			</svg>
			{PASSING_WORDS[status] ?? status}
		</span>
	);
}
