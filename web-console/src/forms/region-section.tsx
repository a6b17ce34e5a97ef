import { useSignal } from "@preact/signals";
import type { Shown } from "../drawing/live-picture.ts";
import {
	pictureArea,
	type Rect,
	type Region,
	rectOf,
	regionOf,
	type Size,
	turnedFrame,
	WHOLE,
} from "../drawing/region.ts";
import type { StageRegion } from "../drawing/region-outline.tsx";
import { RegionStage } from "../drawing/region-stage.tsx";
import type { Draft } from "./draft.ts";
import { ChoiceField, TextField } from "./fields.tsx";
import type { FormState } from "./form-state.ts";

/** What is known of the picture that regions are drawn on. */
export interface Backdrop {
	/** The source's own picture, before it is turned; null while it is not known. */
	readonly source: Size | null;
	readonly picture: Shown | null;
	/** The region and rotation with which the picture was made. */
	readonly madeWith: { readonly roi: Region; readonly rotation: number };
}

/** A region that is the whole frame, as the API has it. */
export const WHOLE_FRAME: Region = { x: 0, y: 0, width: 0, height: 0, mode: "abs" };

const REGIONS = [
	{ name: "roi", label: "Region of interest", hint: "Faces and bodies are looked for in it." },
	{ name: "droi", label: "Detection region", hint: "A detection must lie in it. Given in the whole frame, too." },
] as const;
type RegionName = (typeof REGIONS)[number]["name"];

const MODES = [
	["", "Whole frame"],
	["abs", "Pixels"],
	["percent", "Percent"],
] as const;
const SIDES = { x: "x", y: "y", width: "Width", height: "Height" } as const;
/** Where nothing is known of the source, percent are drawn on a frame of this shape. */
const USUAL: Size = { width: 1600, height: 900 };

/** ROI and DROI: in numbers, and drawn on the last picture. */
export function RegionSection({ form, backdrop }: { form: FormState; backdrop: Backdrop }) {
	const editing = useSignal<RegionName>("roi");
	const rotation = Number(form.draft["data.rotation"] ?? 0);
	const frame = turnedFrame(backdrop.source ?? USUAL, rotation);
	const known = backdrop.source !== null;
	const regions: StageRegion[] = REGIONS.flatMap(({ name, label }) => {
		const region = regionIn(form.draft, name);
		return region === undefined || (region.mode === "abs" && !known)
			? []
			: [{ name, label, rect: rectOf(region, frame) }];
	});
	const write = (name: RegionName, rect: Rect) => {
		const mode = form.draft[`data.${name}.mode`] === "abs" && known ? "abs" : "percent";
		form.set(draftFor(name, regionOf(rect, frame, mode)));
	};
	// A picture that was made with another rotation says nothing about where things are now.
	const picture = backdrop.madeWith.rotation === rotation ? backdrop.picture : null;
	const area = picture === null ? WHOLE : pictureArea(picture.bitmap, frame, rectOf(backdrop.madeWith.roi, frame));

	return (
		<div class="region-section">
			<div class="region-numbers">
				{REGIONS.map(({ name, label, hint }) => (
					<fieldset key={name} class="form-group" data-region={name}>
						<legend>
							<span class="region-key" aria-hidden="true" />
							{label}
						</legend>
						<ChoiceField
							form={form}
							path={`data.${name}.mode`}
							label={`${label}: given in`}
							hint={hint}
							choices={MODES}
							onChosen={(mode) => {
								if (mode === "abs" || mode === "percent") {
									editing.value = name;
									start(form, name, mode, frame, known);
								} else form.set(nowhere(name));
							}}
						/>
						{form.draft[`data.${name}.mode`] ? (
							<div class="form-grid four">
								{(["x", "y", "width", "height"] as const).map((side) => (
									<TextField
										key={side}
										form={form}
										path={`data.${name}.${side}`}
										label={`${SIDES[side]}, ${form.draft[`data.${name}.mode`] === "abs" ? "px" : "%"}`}
										hint=""
									/>
								))}
							</div>
						) : null}
					</fieldset>
				))}
			</div>
			<div class="region-drawing">
				<div class="region-choice" role="radiogroup" aria-label="Which region the mouse draws">
					{REGIONS.map(({ name, label }) => (
						<label key={name} data-region={name}>
							<input
								type="radio"
								name="drawn-region"
								checked={editing.value === name}
								onChange={() => {
									editing.value = name;
								}}
							/>
							<span class="region-key" aria-hidden="true" />
							Draw the {label.toLowerCase()}
						</label>
					))}
				</div>
				<RegionStage
					frame={frame}
					picture={picture}
					pictureArea={area}
					regions={regions}
					editing={editing.value}
					onChange={write}
					label={picture === null ? "An empty frame" : "The last picture of the stream"}
				/>
				<p class="form-hint">{aboutStage(known, picture !== null)}</p>
			</div>
		</div>
	);
}

function aboutStage(known: boolean, pictured: boolean): string {
	const keys =
		"Drag to draw; drag a region or its handles to change it. By keyboard: focus it, arrow keys move, Shift + arrow keys resize.";
	if (pictured) return keys;
	return known
		? `No picture yet. ${keys}`
		: `The size of the source is not known yet: percent can be drawn, pixels are given in numbers. ${keys}`;
}

function regionIn(draft: Draft, name: RegionName): Region | undefined {
	const mode = draft[`data.${name}.mode`];
	if (mode !== "abs" && mode !== "percent") return undefined;
	const side = (of: string) => Number(draft[`data.${name}.${of}`] ?? 0) || 0;
	return { x: side("x"), y: side("y"), width: side("width"), height: side("height"), mode };
}

function draftFor(name: RegionName, { x, y, width, height, mode }: Region): Draft {
	const path = `data.${name}`;
	return {
		[`${path}.mode`]: mode,
		[`${path}.x`]: String(x),
		[`${path}.y`]: String(y),
		[`${path}.width`]: String(width),
		[`${path}.height`]: String(height),
	};
}

/** The whole frame: no numbers stay behind that another mode would misread. */
function nowhere(name: RegionName): Draft {
	const path = `data.${name}`;
	return { [`${path}.mode`]: "", [`${path}.x`]: "", [`${path}.y`]: "", [`${path}.width`]: "", [`${path}.height`]: "" };
}

/** The same fields, with regions that are the whole frame as such: the API has them as zeros. */
export function withWholeFrames(draft: Draft): Draft {
	const whole = REGIONS.filter(({ name }) => {
		const region = regionIn(draft, name);
		return region !== undefined && [region.x, region.y, region.width, region.height].every((each) => each === 0);
	});
	return Object.assign({}, draft, ...whole.map(({ name }) => nowhere(name)));
}

/** A region that was given in another unit keeps its place; a new one begins in the middle. */
function start(form: FormState, name: RegionName, mode: Region["mode"], frame: Size, known: boolean): void {
	const [x, y, width, height] = ["x", "y", "width", "height"].map((side) =>
		String(form.draft[`data.${name}.${side}`] ?? ""),
	);
	const empty = [x, y, width, height].every((each) => each === "" || each === "0");
	if (empty && (known || mode === "percent")) {
		form.set(draftFor(name, regionOf({ x: 0.25, y: 0.25, width: 0.5, height: 0.5 }, frame, mode)));
	} else if (empty) form.set({ ...draftFor(name, { x: 0, y: 0, width: 0, height: 0, mode }) });
	else if (known) {
		const before: Region = {
			x: Number(x) || 0,
			y: Number(y) || 0,
			width: Number(width) || 0,
			height: Number(height) || 0,
			mode: mode === "abs" ? "percent" : "abs",
		};
		form.set(draftFor(name, regionOf(rectOf(before, frame), frame, mode)));
	}
}
