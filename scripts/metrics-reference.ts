import type { MetricNote } from "../server/metrics.ts";

/** The manual's page about metrics, in Markdown. */
export function metricsPage(metrics: readonly MetricNote[]): string {
	const ours = metrics.filter(({ name }) => name.startsWith("perigee_"));
	const process = metrics.filter(({ name }) => !name.startsWith("perigee_"));
	return `# Metrics

<!-- Made from server/metrics.ts by \`npm run docs:reference\`; do not edit here. -->

\`GET /metrics\` gives them in Prometheus' text form, unless \`LUNA_SERVICE_METRICS.ENABLED\` is 0. No metric has a label per
stream: how many there are does not make the answer longer. Counters begin at 0 when a node starts. What to watch, and
how to be told, is on the page [Monitoring](monitoring.md).

## Of the service

${table(ours)}
## Of the process

${table(process)}`;
}

function table(metrics: readonly MetricNote[]): string {
	const rows = metrics.map(
		({ name, type, labels, help }) =>
			`| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} |\n`,
	);
	return `| name | type | labels | meaning |\n|---|---|---|---|\n${rows.join("")}`;
}
