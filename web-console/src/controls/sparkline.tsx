const WIDTH = 64;
const HEIGHT = 14;

/** The last minutes of a number as a line; the newest is on the right. It says nothing that the number beside it does not. */
export function Sparkline({ values }: { values: readonly number[] }) {
	return (
		<svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
			<path d={lineOf(values)} />
		</svg>
	);
}

/** Scaled to its own range, but a change of one in a hundred is no mountain. */
function lineOf(values: readonly number[]): string {
	if (values.length < 2) return "";
	const low = Math.min(...values);
	const high = Math.max(...values);
	const range = Math.max(high - low, high * 0.1, 1);
	const step = WIDTH / (values.length - 1);
	const y = (value: number) => HEIGHT - 1.5 - ((value - low) / range) * (HEIGHT - 3);
	return values.map((value, at) => `${at === 0 ? "M" : "L"}${(at * step).toFixed(1)} ${y(value).toFixed(1)}`).join("");
}
