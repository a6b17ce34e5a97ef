import { show } from "../report.ts";
import type { Curves } from "./curve.ts";

const [WIDTH, HEIGHT] = [720, 340];
const EDGE = { left: 70, right: 150, top: 20, bottom: 50 };
/** Told apart on a light and on a dark page, and by those who do not see every colour. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a7a7a"];
const GREY = "#888888";

/** The curves as a picture: both axes by powers of ten, since what grows by the same share should look the same. */
export function pictureOf({ name, along, values, rates }: Curves): string {
	const all = Object.values(rates).flat();
	const low = 10 ** Math.floor(Math.log10(Math.min(...all)));
	const high = 10 ** Math.ceil(Math.log10(Math.max(...all)));
	const first = Math.min(...values);
	const last = Math.max(...values);
	const x = (value: number) =>
		EDGE.left +
		((WIDTH - EDGE.left - EDGE.right) * Math.log(value / first)) / Math.max(Math.log(last / first), Number.EPSILON);
	const y = (rate: number) =>
		HEIGHT - EDGE.bottom - ((HEIGHT - EDGE.top - EDGE.bottom) * Math.log(rate / low)) / Math.log(high / low);
	const parts: string[] = [];
	const text = (at: [number, number], said: string, more = "") =>
		parts.push(`<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" fill="${GREY}" ${more}>${said}</text>`);
	for (let rate = low; rate <= high; rate *= 10) {
		const at = y(rate).toFixed(1);
		parts.push(
			`<path d="M${EDGE.left} ${at}H${WIDTH - EDGE.right}" stroke="${GREY}" stroke-opacity="0.35" stroke-width="1"/>`,
		);
		text([EDGE.left - 8, y(rate) + 4], show(rate), 'text-anchor="end"');
	}
	for (const value of values) text([x(value), HEIGHT - EDGE.bottom + 20], show(value), 'text-anchor="middle"');
	text([(EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - 10], along, 'text-anchor="middle"');
	// Names stand at the ends of their curves, moved apart where these meet.
	const ends = Object.entries(rates)
		.map(([series, line], index) => ({
			series,
			line,
			colour: COLOURS[index % COLOURS.length],
			at: y(line.at(-1) ?? low),
		}))
		.sort((a, b) => a.at - b.at);
	let free = Number.NEGATIVE_INFINITY;
	for (const { series, line, colour, at } of ends) {
		const points = line.map((rate, index) => `${x(values[index] ?? first).toFixed(1)} ${y(rate).toFixed(1)}`);
		parts.push(`<path d="M${points.join("L")}" fill="none" stroke="${colour}" stroke-width="2"/>`);
		for (const point of points) {
			const [cx, cy] = point.split(" ");
			parts.push(`<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
		}
		free = Math.max(at + 4, free + 16);
		parts.push(
			`<text x="${WIDTH - EDGE.right + 10}" y="${free.toFixed(1)}" fill="${colour}">${series} ${show(line.at(-1) ?? 0)}</text>`,
		);
	}
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
		`<title>Items a second by ${name}</title>`,
		...parts,
		"</svg>\n",
	].join("\n");
}
