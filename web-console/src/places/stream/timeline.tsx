import { hrefOf } from "../../app/address.ts";
import { clock } from "../../app/console.ts";
import { RecordLabel } from "../../controls/record-label.tsx";
import { duration, moment } from "../../controls/units.ts";
import { ACTION_WORDS, type AuditRecord, actorText, detailText, resultText } from "../audit/audit-records.ts";
import type { Records } from "./records.ts";
import { entriesOf, linesOf, passesBy, stretchesOf, type TimelineEntry } from "./timeline-entries.ts";

interface TimelineProps {
	stream_id: string;
	records: Records;
	/** What was done to the stream, newest first; null: whoever looks may not know. */
	audit: readonly AuditRecord[] | null;
	onOlder: () => void;
}

/** The log of a stream: what it was, since when, for how long, what went wrong, and who did what to it. */
export function Timeline({ stream_id, records, audit, onOlder }: TimelineProps) {
	const entries = entriesOf(records.list);
	const lines = linesOf(entries, audit ?? [], records.more);
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
				{lines.map((line) =>
					line.kind === "record" ? (
						<Entry key={line.entry.key} entry={line.entry} />
					) : (
						<Done key={line.audit.record_number} record={line.audit} />
					),
				)}
			</ol>
			{records.failure !== undefined && (
				<p class="form-verdict" role="alert">
					{records.failure} Try again.
				</p>
			)}
			{audit !== null && (
				<p class="soft">
					<a href={hrefOf("audit", [], { stream: stream_id })}>All that was done to it, in the audit</a>
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

function Done({ record }: { record: AuditRecord }) {
	const { audit_time, action, address, error_code } = record;
	const details = detailText(record);
	return (
		<li class="timeline-entry timeline-audit">
			<time dateTime={audit_time}>{moment(Date.parse(audit_time))}</time>
			<span>{ACTION_WORDS[action]}</span>
			<span class="timeline-who">
				by <bdi>{actorText(record)}</bdi>
				{address !== "" && ` from ${address}`}
				{error_code !== null && <span class="timeline-refused">, {resultText(record)}</span>}
			</span>
			{details !== "" && (
				<p class="timeline-details">
					<bdi>{details}</bdi>
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
