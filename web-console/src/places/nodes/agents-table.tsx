import type { AgentFigures } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { clock } from "../../app/console.ts";
import { ago, counted } from "../../controls/units.ts";

/** Who processes streams now, and when each was heard of. */
export function AgentsTable({ agents }: { agents: readonly AgentFigures[] }) {
	const now = clock.now.value;
	if (agents.length === 0)
		return (
			<p class="empty">
				No agent that names itself processes streams now. Start one: <code>npm run agent -- --url …</code>
			</p>
		);
	return (
		<table class="table">
			<thead>
				<tr>
					<th scope="col">Agent</th>
					<th scope="col" class="number">
						Streams
					</th>
					<th scope="col">Last feedback</th>
					<th scope="col">Quietest stream heard of</th>
				</tr>
			</thead>
			<tbody>
				{agents.map(({ agent_id, streams, newest_feedback_time, oldest_feedback_time }) => (
					<tr key={agent_id}>
						<td class="name">
							<a href={hrefOf("streams", [], { q: `agent:${agent_id}` })}>
								<bdi class="mono">{agent_id}</bdi>
							</a>
						</td>
						<td class="number">{counted(streams)}</td>
						<td>{newest_feedback_time === null ? "none yet" : ago(newest_feedback_time, now)}</td>
						<td>{oldest_feedback_time === null ? "none yet" : ago(oldest_feedback_time, now)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
