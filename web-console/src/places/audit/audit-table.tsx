import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { hrefOf } from "../../app/address.ts";
import { moment } from "../../controls/units.ts";
import { useVirtual } from "../../controls/virtual.ts";
import { ACTION_WORDS, type AuditRecord, actorText, detailText, resultText } from "./audit-records.ts";

const ROW = 30;

interface AuditTableProps {
	records: readonly AuditRecord[];
	/** Stands below the last record. */
	foot: ComponentChildren;
}

/** Records of the audit, newest at the top; only those on screen are elements. */
export function AuditTable({ records, foot }: AuditTableProps) {
	const scroller = useRef<HTMLDivElement>(null);
	const virtual = useVirtual({ count: records.length, size: ROW, header: ROW, scroller, offset: 0 });
	const items = virtual.getVirtualItems();
	const before = items[0]?.index ?? 0;
	const after = records.length - 1 - (items.at(-1)?.index ?? -1);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
		<section class="logs-scroller" ref={scroller} tabIndex={0} aria-label="Records">
			<table class="logs-table audit-table" aria-rowcount={records.length + 1}>
				<colgroup>
					<col class="logs-time" />
					<col class="audit-action" />
					<col class="audit-of" />
					<col class="audit-actor" />
					<col class="audit-address" />
					<col class="audit-result" />
					<col />
				</colgroup>
				<thead>
					<tr aria-rowindex={1}>
						{["Time", "Action", "Stream or group", "Who", "From", "Result", "More"].map((each) => (
							<th key={each} scope="col">
								{each}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{before > 0 && <tr key="before" style={{ height: `${before * ROW}px` }} />}
					{items.map(({ index }) => {
						const record = records[index];
						return record && <Row key={record.record_number} record={record} index={index} />;
					})}
					{after > 0 && <tr key="after" style={{ height: `${after * ROW}px` }} />}
				</tbody>
			</table>
			<div class="logs-foot">{foot}</div>
		</section>
	);
}

function Row({ record, index }: { record: AuditRecord; index: number }) {
	const { audit_time, action, subject, name, address, request_id, error_code } = record;
	const details = detailText(record);
	const actor = actorText(record);
	return (
		<tr aria-rowindex={index + 2}>
			<td>
				<time dateTime={audit_time}>{moment(Date.parse(audit_time))}</time>
			</td>
			<td>{ACTION_WORDS[action]}</td>
			<td>
				<Of record={record} />
			</td>
			<td title={actor}>
				{subject === "" ? (
					actor
				) : (
					<a href={hrefOf("audit", [], { actor: subject || name })}>
						<bdi>{actor}</bdi>
					</a>
				)}
			</td>
			<td class="mono">{address}</td>
			<td class={error_code === null ? undefined : "logs-error"} title={request_id}>
				{resultText(record)}
			</td>
			<td title={details}>
				<bdi>{details}</bdi>
			</td>
		</tr>
	);
}

function Of({ record: { stream_id, group_id, details } }: { record: AuditRecord }) {
	if (stream_id !== null)
		return (
			<a class="mono" href={hrefOf("stream", [stream_id])}>
				{stream_id}
			</a>
		);
	if (group_id !== null)
		return (
			<a class="mono" href={hrefOf("audit", [], { group: group_id })}>
				{group_id}
			</a>
		);
	return <bdi class="soft">{details["name"] ?? ""}</bdi>;
}
