import { useEffect, useRef } from "preact/hooks";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { mayAct } from "../../app/console.ts";
import { address } from "../../app/router.ts";
import { wayTo } from "../../app/way-to.ts";
import { isolated } from "../../controls/isolated.ts";
import { later } from "../../controls/later.tsx";
import { LifecycleDiagram } from "../../diagram/lifecycle-diagram.tsx";
import { useLivePicture } from "../../drawing/live-picture.ts";
import type { Rate } from "../../socket/picture-feed.ts";
import { useAuditOf } from "./audit-of.ts";
import { NowPanel } from "./now-panel.tsx";
import { PicturePanel } from "./picture-panel.tsx";
import { useRecords } from "./records.ts";
import { SettingsPanel } from "./settings-panel.tsx";
import { StreamHead } from "./stream-head.tsx";
import { useStream } from "./stream-state.ts";
import { Timeline } from "./timeline.tsx";
import { heldSince } from "./timeline-entries.ts";

const RecreateForm = later(async () => (await import("./recreate-form.tsx")).RecreateForm);

/** One stream: `#/stream/<id>`; `#/stream/<id>/recreate` is the form that writes it anew. */
export function StreamPlace() {
	const [id = "", part] = address.value.rest;
	return id === "" ? (
		<p class="note">
			No stream is named here. <a href={wayTo("streams")}>Choose one of the streams</a>
		</p>
	) : (
		<OneStream key={id} id={id} recreating={part === "recreate"} />
	);
}

function OneStream({ id, recreating }: { id: string; recreating: boolean }) {
	const state = useStream(id).value;
	const { records, older } = useRecords(id);
	const audit = useAuditOf(id, records.value.list[0]?.time ?? 0);
	const name = state.kind === "there" ? state.row.name : "";
	// Here, so that the last picture stays when the form is opened: regions are drawn on it.
	const picture = useLivePicture(id, state.kind === "there" ? rateOf(state.row, recreating) : null).value;
	const root = useRef<HTMLDivElement>(null);
	useEffect(() => {
		root.current?.closest("main")?.scrollTo(0, 0);
	}, [recreating]);
	useEffect(() => {
		if (name !== "") document.title = `${isolated(name)} · Perigee`;
	}, [name]);

	if (state.kind === "asking") return <p class="note">Asking …</p>;
	if (state.kind === "failed")
		return (
			<p class="note" role="alert">
				{state.why} <a href={wayTo("streams")}>Back to the streams</a>
			</p>
		);
	if (state.kind === "gone")
		return (
			<div class="stream-gone">
				<h1>No such stream</h1>
				<p role="status">
					There is no stream with the id <code>{id}</code>. It may have been deleted; its log stays for a while.{" "}
					<a href={wayTo("streams")}>Back to the streams</a>
				</p>
				<Timeline stream_id={id} records={records.value} audit={audit} onOlder={older} />
			</div>
		);

	const { row, stream } = state;
	if (recreating)
		return (
			<section class="page" ref={root}>
				<h1>
					Recreate <bdi>{row.name || row.stream_id}</bdi>
				</h1>
				<p class="lead">
					Writes the stream anew: version {row.version} becomes {row.version + 1}, and its agent stops the old one. The
					place in the queue and the log stay.
				</p>
				{mayAct.value ? (
					<RecreateForm row={row} stream={stream} picture={picture} />
				) : (
					<p class="note">
						You may look, but not recreate streams. <a href={hrefOf("stream", [id])}>Back to the stream</a>
					</p>
				)}
			</section>
		);
	return (
		<div class="stream" ref={root}>
			<StreamHead row={row} stream={stream} />
			<div class="stream-columns">
				<div class="stream-column">
					<PicturePanel row={row} stream={stream} picture={picture} />
					<section class="panel" aria-labelledby="lifecycle-title">
						<h2 id="lifecycle-title">Lifecycle</h2>
						<LifecycleDiagram status={row.status} />
					</section>
					<SettingsPanel stream={stream} groups={row.groups} />
				</div>
				<div class="stream-column">
					<NowPanel row={row} since={heldSince(records.value.list)} />
					<Timeline stream_id={id} records={records.value} audit={audit} onOlder={older} />
				</div>
			</div>
		</div>
	);
}

/** Moving while it is looked at; now and then while somebody draws on it. */
function rateOf({ status, pictures }: ConsoleRow, recreating: boolean): Rate | null {
	if (status !== "in_progress" || (!pictures.live && !pictures.still)) return null;
	return pictures.live && !recreating ? "live" : "still";
}
