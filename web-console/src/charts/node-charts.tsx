import { Chart } from "./chart.tsx";
import type { Measure, NodeHistory } from "./history.ts";

const CHARTS: readonly { title: string; measure: Measure; unit: string; scale?: number; digits?: number }[] = [
	{ title: "Feedback", measure: "feedback_per_s", unit: "reports per second" },
	{ title: "Requests", measure: "requests_per_s", unit: "per second" },
	{ title: "Commits", measure: "commits_per_s", unit: "per second" },
	{ title: "Commit latency, p99", measure: "commit_p99_ms", unit: "ms", digits: 1 },
	{ title: "Event-loop delay, p99", measure: "loop_p99_ms", unit: "ms", digits: 1 },
	{ title: "Console sockets", measure: "console_sockets", unit: "sockets" },
	{ title: "Resident streams", measure: "actors", unit: "streams" },
	{ title: "Memory", measure: "rss_bytes", unit: "MiB", scale: 1 / 1024 ** 2 },
];

interface NodeChartsProps {
	history: NodeHistory;
	theme: string;
	/** Grows with every round, so that the charts are drawn again. */
	round: number;
}

/** What the nodes told since the page was opened, the last ten minutes. */
export function NodeCharts({ history, theme, round }: NodeChartsProps) {
	const { names } = history;
	return (
		<>
			<ul class="chart-names" aria-label="Nodes and their lines">
				{names.map((name, at) => (
					<li key={name}>
						<svg viewBox="0 0 16 4" class="chart-key" data-line={(at % 6) + 1} aria-hidden="true">
							<rect width="16" height="4" rx="2" />
						</svg>
						<bdi>{name}</bdi>
					</li>
				))}
			</ul>
			<div class="charts" data-round={round}>
				{CHARTS.map(({ title, measure, unit, scale = 1, digits = 0 }) => (
					<Chart
						key={measure}
						title={title}
						data={history.series(measure, scale)}
						names={names}
						unit={unit}
						digits={digits}
						theme={theme}
					/>
				))}
			</div>
		</>
	);
}
