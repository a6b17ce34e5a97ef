import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Shown } from "./live-picture.ts";
import { drawn, type Rect, type Size, WHOLE } from "./region.ts";
import { RegionOutline, type StageRegion } from "./region-outline.tsx";

interface RegionStageProps {
	/** The whole frame as it is looked at, pixels. */
	frame: Size;
	/** The part of the frame that is shown. */
	view?: Rect;
	picture: Shown | null;
	/** Where the picture lies in the frame. */
	pictureArea: Rect;
	regions: readonly StageRegion[];
	/** Which region a drag over the picture draws anew; absent: nothing can be changed. */
	editing?: StageRegion["name"];
	onChange?: (name: StageRegion["name"], rect: Rect) => void;
	/** What the picture shows, for who does not see it. */
	label: string;
}

/** The picture on a canvas, and the regions over it: to look at, or to draw with mouse and keyboard. */
export function RegionStage({
	frame,
	view = WHOLE,
	picture,
	pictureArea,
	regions,
	editing,
	onChange,
	label,
}: RegionStageProps) {
	const stage = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const size = useSignal<Size>({ width: 0, height: 0 });
	const from = useRef<{ x: number; y: number } | null>(null);
	const seen = { width: frame.width * view.width, height: frame.height * view.height };

	useLayoutEffect(() => {
		const element = stage.current;
		if (element === null) return undefined;
		const watch = new ResizeObserver(() => {
			size.value = { width: element.clientWidth, height: element.clientHeight };
		});
		watch.observe(element);
		return () => watch.disconnect();
	}, []);
	useEffect(() => {
		if (canvas.current !== null) draw(canvas.current, size.value, picture, within(pictureArea, view));
	}, [picture, size.value, pictureArea, view]);

	/** Where the pointer is, in shares of the frame. */
	const pointAt = (event: PointerEvent) => {
		const box = stage.current?.getBoundingClientRect();
		if (box === undefined) return { x: 0, y: 0 };
		return {
			x: clamp(view.x + ((event.clientX - box.left) / box.width) * view.width),
			y: clamp(view.y + ((event.clientY - box.top) / box.height) * view.height),
		};
	};
	const scale = size.value.width === 0 ? 1 : seen.width / size.value.width;

	return (
		<div
			class="stage"
			ref={stage}
			style={{ aspectRatio: `${seen.width} / ${seen.height}`, "--shape": seen.width / seen.height }}
		>
			<canvas ref={canvas} class="stage-picture" role="img" aria-label={label} />
			<svg
				class="stage-regions"
				viewBox={`${view.x * frame.width} ${view.y * frame.height} ${seen.width} ${seen.height}`}
				preserveAspectRatio="none"
				data-editing={editing !== undefined}
				aria-label={editing === undefined ? undefined : "Regions"}
				aria-hidden={editing === undefined}
				onPointerDown={(event) => {
					if (editing === undefined || event.button !== 0) return;
					event.currentTarget.setPointerCapture(event.pointerId);
					from.current = pointAt(event);
				}}
				onPointerMove={(event) => {
					if (from.current !== null && editing !== undefined) onChange?.(editing, drawn(from.current, pointAt(event)));
				}}
				onPointerUp={() => {
					from.current = null;
				}}
				onPointerCancel={() => {
					from.current = null;
				}}
			>
				{regions.map((region) => (
					<RegionOutline
						key={region.name}
						region={region}
						frame={frame}
						scale={scale}
						pointAt={pointAt}
						{...(editing !== undefined && onChange !== undefined
							? { onChange: (rect: Rect) => onChange(region.name, rect), active: editing === region.name }
							: {})}
					/>
				))}
			</svg>
		</div>
	);
}

/** An area of the frame in shares of what is shown of the frame. */
function within(area: Rect, view: Rect): Rect {
	return {
		x: (area.x - view.x) / view.width,
		y: (area.y - view.y) / view.height,
		width: area.width / view.width,
		height: area.height / view.height,
	};
}

function draw(canvas: HTMLCanvasElement, size: Size, picture: Shown | null, area: Rect): void {
	const width = Math.round(size.width * devicePixelRatio);
	const height = Math.round(size.height * devicePixelRatio);
	if (canvas.width !== width || canvas.height !== height) {
		canvas.width = width;
		canvas.height = height;
	}
	const context = canvas.getContext("2d");
	if (context === null) return;
	context.clearRect(0, 0, width, height);
	if (picture === null || picture.bitmap.width === 0) return;
	context.drawImage(picture.bitmap, area.x * width, area.y * height, area.width * width, area.height * height);
}

function clamp(value: number): number {
	return Math.min(1, Math.max(0, value));
}
