import { useRef } from "preact/hooks";
import { HANDLES, type Handle, moved, type Rect, resized, type Size } from "./region.ts";

/** A region as it is drawn. */
export interface StageRegion {
	readonly name: "roi" | "droi";
	readonly label: string;
	readonly rect: Rect;
}

interface RegionOutlineProps {
	region: StageRegion;
	frame: Size;
	/** Pixels of the frame to a pixel of the screen. */
	scale: number;
	pointAt: (event: PointerEvent) => { x: number; y: number };
	/** Absent: it is shown only. */
	onChange?: (rect: Rect) => void;
	active?: boolean;
}

const HANDLE_PX = 9;
/** A step of the arrow keys, and a fine one, as shares of the frame. */
const STEP = 0.01;
const FINE_STEP = 0.001;

/** A region's outline, with handles when it may be changed. Arrow keys move it, with Shift they change its size, with Ctrl the steps are fine. */
export function RegionOutline({ region, frame, scale, pointAt, onChange, active = false }: RegionOutlineProps) {
	const { rect, name, label } = region;
	const pull = useRef<{ from: { x: number; y: number }; rect: Rect; handle: Handle | null } | null>(null);
	const box = {
		x: rect.x * frame.width,
		y: rect.y * frame.height,
		width: rect.width * frame.width,
		height: rect.height * frame.height,
	};
	const grip = HANDLE_PX * scale;

	const start = (event: PointerEvent & { currentTarget: SVGElement }, handle: Handle | null) => {
		if (onChange === undefined || event.button !== 0) return;
		event.stopPropagation();
		event.currentTarget.setPointerCapture(event.pointerId);
		pull.current = { from: pointAt(event), rect, handle };
	};
	const move = (event: PointerEvent) => {
		if (pull.current === null) return;
		event.stopPropagation();
		const { from, rect: before, handle } = pull.current;
		const to = pointAt(event);
		const change = handle === null ? moved : (area: Rect, dx: number, dy: number) => resized(area, handle, dx, dy);
		onChange?.(change(before, to.x - from.x, to.y - from.y));
	};
	const stop = () => {
		pull.current = null;
	};

	if (onChange === undefined) {
		return (
			<g class="region" data-region={name}>
				<rect {...box} class="region-line" vector-effect="non-scaling-stroke" />
			</g>
		);
	}
	return (
		<g
			class="region"
			data-region={name}
			data-active={active}
			onPointerMove={move}
			onPointerUp={stop}
			onPointerCancel={stop}
		>
			<rect
				{...box}
				class="region-line grip"
				vector-effect="non-scaling-stroke"
				tabindex={0}
				role="slider"
				aria-roledescription="region"
				aria-label={label}
				aria-valuemin={0}
				aria-valuemax={100}
				aria-valuenow={Math.round(rect.x * 100)}
				aria-valuetext={spoken(rect)}
				onPointerDown={(event) => start(event, null)}
				onKeyDown={(event) => {
					const next = afterKey(event, rect);
					if (next === undefined) return;
					event.preventDefault();
					event.stopPropagation();
					onChange(next);
				}}
			/>
			{active &&
				HANDLES.map((handle) => (
					<rect
						key={`${handle.horizontal} ${handle.vertical}`}
						class="region-handle"
						data-turn={cursorOf(handle)}
						x={box.x + ((handle.horizontal + 1) / 2) * box.width - grip / 2}
						y={box.y + ((handle.vertical + 1) / 2) * box.height - grip / 2}
						width={grip}
						height={grip}
						onPointerDown={(event) => start(event, handle)}
					/>
				))}
		</g>
	);
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1],
};

function afterKey({ key, shiftKey, ctrlKey }: KeyboardEvent, rect: Rect): Rect | undefined {
	const [x, y] = ARROWS[key] ?? [];
	if (x === undefined || y === undefined) return undefined;
	const step = ctrlKey ? FINE_STEP : STEP;
	return shiftKey ? resized(rect, { horizontal: 1, vertical: 1 }, x * step, y * step) : moved(rect, x * step, y * step);
}

function spoken({ x, y, width, height }: Rect): string {
	const percent = (value: number) => `${Math.round(value * 1000) / 10} %`;
	return `from ${percent(x)} left and ${percent(y)} top, ${percent(width)} wide and ${percent(height)} high`;
}

function cursorOf({ horizontal, vertical }: Handle): string {
	if (horizontal === 0) return "up";
	if (vertical === 0) return "side";
	return horizontal === vertical ? "down-right" : "up-right";
}
