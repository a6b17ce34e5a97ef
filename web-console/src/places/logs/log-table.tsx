import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { hrefOf } from "../../app/address.ts";
import { RecordLabel } from "../../controls/record-label.tsx";
import { moment } from "../../controls/units.ts";
import { useVirtual } from "../../controls/virtual.ts";
import { keyOf, type LogLine } from "./log-lines.ts";

const ROW = 30;

interface LogTableProps {
	lines: readonly LogLine[];
	/** Stands below the last line. */
	foot: ComponentChildren;
}

/** Lines of the log, newest at the top; only those on screen are elements. What is being read stays where it is while others come. */
export function LogTable({ lines, foot }: LogTableProps) {
	const scroller = useRef<HTMLDivElement>(null);
	const virtual = useVirtual({ count: lines.length, size: ROW, header: ROW, scroller, offset: 0 });
	const first = useRef(lines[0]);
	useLayoutEffect(() => {
		const before = first.current;
		first.current = lines[0];
		const element = scroller.current;
		if (element === null || before === undefined || element.scrollTop < ROW) return;
		const added = lines.indexOf(before);
		if (added > 0) element.scrollTop += added * ROW;
	}, [lines]);

	const items = virtual.getVirtualItems();
	const before = items[0]?.index ?? 0;
	const after = lines.length - 1 - (items.at(-1)?.index ?? -1);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
		<section class="logs-scroller" ref={scroller} tabIndex={0} aria-label="Records">
			<table class="logs-table" aria-rowcount={lines.length + 1}>
				<colgroup>
					<col class="logs-time" />
					<col class="logs-status" />
					<col class="logs-name" />
					<col class="logs-version" />
					<col />
				</colgroup>
				<thead>
					<tr aria-rowindex={1}>
						{["Time", "Status", "Stream", "Version", "Error"].map((each) => (
							<th key={each} scope="col">
								{each}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{before > 0 && <tr key="before" style={{ height: `${before * ROW}px` }} />}
					{items.map(({ index }) => {
						const line = lines[index];
						return line && <Row key={keyOf(line)} line={line} index={index} />;
					})}
					{after > 0 && <tr key="after" style={{ height: `${after * ROW}px` }} />}
				</tbody>
			</table>
			<div class="logs-foot">{foot}</div>
		</section>
	);
}

function Row({ line, index }: { line: LogLine; index: number }) {
	const { time, status, stream_id, name, version, error } = line;
	const words = error === null ? "" : errorText(error);
	return (
		<tr aria-rowindex={index + 2}>
			<td>
				<time dateTime={new Date(time).toISOString()}>{moment(time)}</time>
			</td>
			<td>
				<RecordLabel status={status} />
			</td>
			<td>
				<a href={hrefOf("stream", [stream_id])} title={stream_id}>
					{name === "" ? <span class="mono">{stream_id}</span> : <bdi>{name}</bdi>}
				</a>
			</td>
			<td>{version}</td>
			<td class="logs-error" title={words}>
				<bdi>{words}</bdi>
			</td>
		</tr>
	);
}

function errorText({ error_code, desc, detail }: NonNullable<LogLine["error"]>): string {
	return `${error_code} ${desc}${detail !== "" && detail !== desc ? `: ${detail}` : ""}`;
}
