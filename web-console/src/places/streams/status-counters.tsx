import type { ReadonlySignal } from "@preact/signals";
import type { Status } from "../../../../client/console/protocol.ts";
import { Sparkline } from "../../controls/sparkline.tsx";
import { STATUS_WORDS, STATUSES, StatusMark } from "../../controls/status.tsx";
import type { Counts } from "../../stores/counts.ts";

interface StatusCountersProps {
	counts: ReadonlySignal<Counts | null>;
	/** Those that are looked at. */
	chosen: readonly Status[];
	onToggle: (status: Status) => void;
}

/** How many streams have each status, each with its last ten minutes; a click shows those alone, or with others. */
export function StatusCounters({ counts, chosen, onToggle }: StatusCountersProps) {
	const shown = counts.value;
	return (
		<div class="counters" role="group" aria-label="Streams by status">
			{STATUSES.map((status) => (
				<button
					key={status}
					type="button"
					class="counter"
					data-status={status}
					aria-pressed={chosen.includes(status)}
					onClick={() => onToggle(status)}
				>
					<StatusMark status={status} />
					<strong class="counter-number">{shown === null ? "–" : shown.counts[status].toLocaleString("en")}</strong>
					<span class="counter-word">{STATUS_WORDS[status]}</span>
					<Sparkline values={shown?.history[status] ?? []} />
				</button>
			))}
		</div>
	);
}
