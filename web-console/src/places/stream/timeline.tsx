import { clock } from "../../app/console.ts";
import { RecordLabel } from "../../controls/record-label.tsx";
import { duration, moment } from "../../controls/units.ts";
import type { Records } from "./records.ts";
import { entriesOf, passesBy, stretchesOf, type TimelineEntry } from "./timeline-entries.ts";

interface TimelineProps {
	records: Records;
	onOlder: () => void;
}

/** The log of a stream: what it was, since when, for how long, and what went wrong. */
export function Timeline({ records, onOlder }: TimelineProps) {
	const entries = entriesOf(records.list);
	return (
		<section class="panel" aria-labelledby="timeline-title">
			<h2 id="timeline-title">Timeline</h2>
			<TimeStrip records={records} />
			{entries.length === 0 && (
				<p class="soft">
					{records.asking ? "Asking …" : "No records. Those older than the service keeps them have been cleared."}
				</p>
			)}
			<ol class="timeline">
				{entries.map((entry) => (
					<Entry key={entry.key} entry={entry} />
				))}
			</ol>
			{records.failure !== undefined && (
				<p class="form-verdict" role="alert">
					{records.failure} Try again.
				</p>
			)}
			{(records.more || records.failure !== undefined) && (
				<button type="button" class="button" disabled={records.asking} onClick={onOlder}>
					Show older records
				</button>
			)}
		</section>
	);
}

function Entry({ entry }: { entry: TimelineEntry }) {
	const { error } = entry;
	return (
		<li class="timeline-entry" data-status={entry.status}>
			<time dateTime={new Date(entry.time).toISOString()}>{moment(entry.time)}</time>
			<RecordLabel status={entry.status} />
			<span class="timeline-held">
				{passesBy(entry) ? "" : entry.held === null ? <Since time={entry.time} /> : `for ${duration(entry.held)}`}
			</span>
			<span class="timeline-version">version {entry.version}</span>
			{error !== null && (
				<p class="timeline-error" dir="auto">
					<bdi>{error.desc}</bdi>
					{error.detail !== "" && error.detail !== error.desc && (
						<>
							: <bdi>{error.detail}</bdi>
						</>
					)}{" "}
					<span class="error-code">error {error.error_code}</span>
				</p>
			)}
		</li>
	);
}

function Since({ time }: { time: number }) {
	return <>for {duration(clock.now.value - time)} so far</>;
}

/** How the time that the records tell of was spent, oldest at the left. */
function TimeStrip({ records: { list, more } }: { records: Records }) {
	const oldest = list.at(-1);
	if (oldest === undefined || list.length < 2) return null;
	const now = clock.now.value;
	const words = `${more ? "The last" : "All"} ${duration(now - oldest.time)}, oldest at the left`;
	return (
		<div class="strip-row">
			<svg class="strip" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label={words}>
				{stretchesOf(list, oldest.time, now).map(({ status, from, share }) => (
					<rect
						key={from}
						data-status={status}
						x={from * 1000}
						width={Math.max(share * 1000, 1)}
						y="0"
						height="10"
						class="strip-stretch"
					/>
				))}
			</svg>
			<span class="soft">{words}</span>
		</div>
	);
}
