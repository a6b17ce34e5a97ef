import type { Status } from "../../../client/console/protocol.ts";
import { STATUS_WORDS, STATUSES } from "../controls/status.tsx";
import { ARROWS, BOX, DIAGRAM, MIDDLES } from "./layout.ts";
import { causeOf, TRANSITIONS } from "./lifecycle.ts";

/** The lifecycle with the present status lit, and the ways out of it. */
export function LifecycleDiagram({ status }: { status: Status }) {
	// Those that lead elsewhere are drawn last, above the others.
	const ordered = ARROWS.toSorted((a, b) => Number(a.from === status) - Number(b.from === status));
	return (
		<svg
			class="lifecycle"
			viewBox={`0 0 ${DIAGRAM.width} ${DIAGRAM.height}`}
			role="img"
			aria-label={`Lifecycle: now ${STATUS_WORDS[status]}. ${describe(status)}`}
		>
			<defs>
				{(["still", "open"] as const).map((name) => (
					<marker
						key={name}
						id={`arrow-${name}`}
						viewBox="0 0 8 8"
						refX="7"
						refY="4"
						markerWidth="7"
						markerHeight="7"
						orient="auto"
					>
						<path d="M0 0.5 8 4 0 7.5Z" class={`lifecycle-head ${name}`} />
					</marker>
				))}
			</defs>
			{ordered.map(({ from, to, path }) => (
				<path
					key={`${from} ${to}`}
					d={path}
					class="lifecycle-arrow"
					data-open={from === status}
					marker-end={`url(#arrow-${from === status ? "open" : "still"})`}
				>
					<title>{causesOf(from, to).join(" ")}</title>
				</path>
			))}
			{STATUSES.map((each) => {
				const { x, y } = MIDDLES[each];
				return (
					<g key={each} class="lifecycle-box" data-status={each} data-now={each === status}>
						<rect x={x - BOX.width / 2} y={y - BOX.height / 2} width={BOX.width} height={BOX.height} rx="6" />
						<text x={x} y={y} text-anchor="middle" dominant-baseline="central">
							{STATUS_WORDS[each]}
						</text>
					</g>
				);
			})}
		</svg>
	);
}

function describe(status: Status): string {
	const ways = ARROWS.filter(({ from }) => from === status);
	return ways.map(({ to }) => `To ${STATUS_WORDS[to]}: ${causesOf(status, to).join(" ")}`).join(" ");
}

function causesOf(from: Status, to: Status): string[] {
	return TRANSITIONS.filter((each) => each.from === from && each.to === to).map(({ event, condition }) =>
		condition === undefined ? causeOf(event) : `${causeOf(event).replace(/\.$/, "")} (${condition}).`,
	);
}
