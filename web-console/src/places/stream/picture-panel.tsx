import { useSignal } from "@preact/signals";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { clock } from "../../app/console.ts";
import { duration } from "../../controls/units.ts";
import type { Shown } from "../../drawing/live-picture.ts";
import { pictureArea, rectOf, type Size, turnedFrame, WHOLE } from "../../drawing/region.ts";
import type { StageRegion } from "../../drawing/region-outline.tsx";
import { RegionStage } from "../../drawing/region-stage.tsx";
import { pictureSettings, regionText, sourceSize } from "./picture-facts.ts";

/** After so long without a new one the picture is called old, ms. */
const STALE_MS = 5000;
const USUAL: Size = { width: 1600, height: 900 };

interface PicturePanelProps {
	row: ConsoleRow;
	stream: Readonly<Record<string, unknown>>;
	picture: Shown | null;
}

/** The live picture with its regions. */
export function PicturePanel({ row, stream, picture }: PicturePanelProps) {
	const running = row.status === "in_progress";
	const wholeFrame = useSignal(false);
	const { roi, droi, rotation } = pictureSettings(stream);
	const source = sourceSize(row);
	const frame = turnedFrame(source ?? sizeOf(picture?.bitmap) ?? USUAL, rotation);
	const drawable = (mode: string) => source !== null || mode === "percent";
	const roiRect = drawable(roi.mode) ? rectOf(roi, frame) : WHOLE;
	const droiRect = drawable(droi.mode) ? rectOf(droi, frame) : WHOLE;
	const area = picture === null ? roiRect : pictureArea(picture.bitmap, frame, roiRect);
	const cut = area.width < 1 || area.height < 1;
	const view = wholeFrame.value || area.width === 0 || area.height === 0 ? WHOLE : area;
	const regions: StageRegion[] = [
		{ name: "roi" as const, label: "Region of interest", rect: roiRect, region: roi },
		{ name: "droi" as const, label: "Detection region", rect: droiRect, region: droi },
	].filter(({ rect }) => rect.width > 0 && rect.height > 0 && (rect.width < 1 || rect.height < 1));

	return (
		<section class="panel" aria-labelledby="picture-title">
			<div class="panel-head">
				<h2 id="picture-title">Picture</h2>
				{picture !== null && <Age time={picture.time} running={running} />}
				{cut && (
					<label class="panel-switch">
						<input
							type="checkbox"
							checked={wholeFrame.value}
							onChange={(event) => {
								wholeFrame.value = event.currentTarget.checked;
							}}
						/>
						Show where it lies in the whole frame
					</label>
				)}
			</div>
			<div class="stage-frame">
				<RegionStage
					frame={frame}
					view={view}
					picture={picture}
					pictureArea={area}
					regions={regions}
					label={picture === null ? "No picture" : "Live picture of the stream"}
				/>
				{picture === null && <p class="stage-empty">{whyEmpty(row)}</p>}
			</div>
			<dl class="facts region-facts">
				<div>
					<dt data-region="roi">
						<span class="region-key" aria-hidden="true" /> Region of interest
					</dt>
					<dd>{regionText(roi)}</dd>
				</div>
				<div>
					<dt data-region="droi">
						<span class="region-key" aria-hidden="true" /> Detection region
					</dt>
					<dd>{regionText(droi)}</dd>
				</div>
			</dl>
		</section>
	);
}

function Age({ time, running }: { time: number; running: boolean }) {
	const age = clock.now.value - time;
	const stale = age > STALE_MS;
	return (
		<span class="badge" data-stale={stale}>
			{!running ? "Last picture" : stale ? `Picture is ${duration(age)} old` : "Live"}
		</span>
	);
}

function sizeOf(bitmap: Size | undefined): Size | null {
	return bitmap === undefined || bitmap.width === 0 ? null : { width: bitmap.width, height: bitmap.height };
}

function whyEmpty({ status, pictures }: ConsoleRow): string {
	if (status !== "in_progress") return "No picture: the stream is not in progress.";
	return pictures.live || pictures.still ? "Waiting for a picture …" : "Its agent offers no pictures.";
}
