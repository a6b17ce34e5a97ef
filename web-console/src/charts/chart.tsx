import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

interface ChartProps {
	title: string;
	/** Times in seconds, and below them one row a line. */
	data: [number[], ...(number | null)[][]];
	names: readonly string[];
	/** Stands behind every value: "ms", "per second". */
	unit: string;
	digits?: number;
	/** Changes when colours have to be read anew. */
	theme: string;
}

const HEIGHT = 132;

/** Lines over time. uPlot draws on a canvas and moves its parts through the CSSOM, which the page's policy allows. */
export function Chart({ title, data, names, unit, digits = 0, theme }: ChartProps) {
	const root = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot | null>(null);
	const newest = useRef(data);
	newest.current = data;
	const key = names.join("\n");

	useLayoutEffect(() => {
		const element = root.current;
		if (element === null) return undefined;
		const made = new uPlot(optionsFor(element, names, digits), newest.current, element);
		plot.current = made;
		const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
		watch.observe(element);
		return () => {
			watch.disconnect();
			made.destroy();
			plot.current = null;
		};
	}, [key, theme]);
	useLayoutEffect(() => plot.current?.setData(data), [data]);

	const said = names.map((name, at) => `${name}: ${lastOf(data[at + 1], digits)} ${unit}`);
	return (
		<figure class="chart">
			<figcaption>
				{title}, <span class="soft">{unit}</span>
			</figcaption>
			<div ref={root} class="chart-plot" role="img" aria-label={`${title}. Now ${said.join(", ")}`} />
		</figure>
	);
}

function optionsFor(element: HTMLElement, names: readonly string[], digits: number): uPlot.Options {
	const style = getComputedStyle(element);
	const colour = (name: string) => style.getPropertyValue(name).trim();
	const font = `11px ${style.fontFamily}`;
	const axis = {
		stroke: colour("--chart-text"),
		grid: { stroke: colour("--chart-line"), width: 1 },
		ticks: { show: false },
		font,
	};
	return {
		width: element.clientWidth || 300,
		height: HEIGHT,
		padding: [6, 8, 0, 0],
		legend: { show: false },
		cursor: { show: false },
		scales: { y: { range: (_, __, most) => [0, Math.max(most * 1.1, 1)] } },
		axes: [
			{ ...axis, size: 22, space: 70, values: (_, times) => times.map(clockText) },
			{
				...axis,
				size: 44,
				space: 24,
				values: (_, values) =>
					values.map((each) =>
						each.toLocaleString("en", { maximumFractionDigits: Math.max(digits, each < 3 ? 1 : 0) }),
					),
			},
		],
		series: [
			{},
			...names.map((name, at) => ({
				label: name,
				stroke: colour(`--chart-${(at % 6) + 1}`),
				width: 1.5,
				points: { show: false },
			})),
		],
	};
}

function clockText(seconds: number): string {
	const date = new Date(seconds * 1000);
	const two = (value: number) => String(value).padStart(2, "0");
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function lastOf(row: readonly (number | null)[] | undefined, digits: number): string {
	const value = row?.at(-1);
	return value === undefined || value === null ? "away" : value.toLocaleString("en", { maximumFractionDigits: digits });
}
