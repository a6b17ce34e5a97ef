import type { NodeFigures } from "../../../../client/console/protocol.ts";
import { clock } from "../../app/console.ts";
import { bytes, counted, duration, moment, rounded } from "../../controls/units.ts";

/** The members of the service, a row each. */
export function NodesTable({ nodes }: { nodes: readonly NodeFigures[] }) {
	const now = clock.now.value;
	return (
		// To be reached by the keyboard, which has nothing else here to scroll from.
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
		<section class="table-scroll" tabIndex={0} aria-label="Nodes">
			<table class="table">
				<thead>
					<tr>
						<th scope="col">Node</th>
						<th scope="col">Version</th>
						<th scope="col">Up for</th>
						{HEADS.map((each) => (
							<th key={each} scope="col" class="number">
								{each}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{nodes.map((node) => (
						<tr key={node.node_id}>
							<th scope="row" class="name">
								<bdi>{node.node_id}</bdi>
								{node.self && <span class="badge">you are here</span>}
							</th>
							<td>{node.version}</td>
							<td title={`since ${moment(node.started_at)}`}>{duration(now - node.started_at)}</td>
							{figures(node).map((each, at) => (
								<td key={HEADS[at]} class="number">
									{each}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

const HEADS = [
	"Shards",
	"Resident streams",
	"Requests",
	"Feedback",
	"Commits",
	"Commit p50 / p99",
	"Loop delay p99",
	"Sockets",
	"Live previews",
	"Memory",
] as const;

/** In the order of the heads, each with its unit. */
function figures(node: NodeFigures): string[] {
	return [
		counted(node.shards),
		counted(node.actors),
		`${rounded(node.requests_per_s)} /s`,
		`${rounded(node.feedback_per_s)} /s`,
		`${rounded(node.commits_per_s)} /s`,
		`${rounded(node.commit_p50_ms)} / ${rounded(node.commit_p99_ms)} ms`,
		`${rounded(node.loop_p99_ms)} ms`,
		counted(node.console_sockets),
		counted(node.live_previews),
		bytes(node.rss_bytes),
	];
}
