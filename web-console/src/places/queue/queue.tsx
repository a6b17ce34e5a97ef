import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { clock } from "../../app/console.ts";
import { ago, counted, countOf, moment, until } from "../../controls/units.ts";
import { useHeard } from "../../stores/heard.ts";
import { AgentsTable } from "../nodes/agents-table.tsx";

/** What waits for an agent, who takes, and how fast. */
export function Queue() {
	const { message: queue, failure } = useHeard("queue", () => ({ op: "queue" }), []).value;
	if (failure !== undefined)
		return (
			<p class="note" role="alert">
				{failure}
			</p>
		);
	if (queue === undefined) return <p class="note">Asking …</p>;
	const now = clock.now.value;
	return (
		<section class="page">
			<h1>Queue</h1>
			<dl class="figures">
				<Figure name="Waiting" value={counted(queue.pending)} unit={queue.pending === 1 ? "stream" : "streams"} />
				<Figure name="Held back" value={counted(queue.held_back)} unit={queue.held_back === 1 ? "stream" : "streams"} />
				<Figure
					name="Ready to take"
					value={counted(queue.waiters)}
					unit={queue.waiters === 1 ? "request" : "requests"}
				/>
				<Figure name="Taken" value={counted(queue.taken_per_minute)} unit="per minute" />
			</dl>
			{queue.pending === 0 ? (
				<p class="empty">Nothing waits: every stream that should be processed is with an agent.</p>
			) : (
				<>
					<p class="soft">{advice(queue.pending, queue.held_back, queue.waiters)}</p>
					<Waiting rows={queue.first} pending={queue.pending} now={now} />
				</>
			)}
			<h2>Agents</h2>
			<AgentsTable agents={queue.agents} />
		</section>
	);
}

function Waiting({ rows, pending, now }: { rows: readonly ConsoleRow[]; pending: number; now: number }) {
	return (
		<>
			<table class="table queue-table">
				<thead>
					<tr>
						<th scope="col" class="number">
							Place
						</th>
						<th scope="col">Name</th>
						<th scope="col">In the queue since</th>
						<th scope="col">May be taken</th>
						<th scope="col">Last error</th>
					</tr>
				</thead>
				<tbody>
					{rows.map((row, at) => (
						<tr key={row.stream_id} data-stream-id={row.stream_id}>
							<td class="number">{at + 1}</td>
							<td class="name">
								<a href={hrefOf("stream", [row.stream_id])}>
									<bdi>{row.name || row.stream_id}</bdi>
								</a>
							</td>
							<td title={moment(row.create_time)}>{ago(row.create_time, now)}</td>
							<td>
								{row.takeable_time !== null && row.takeable_time > now ? (
									<span title={`It lost its agent ${row.lost_count} times without a healthy period in between.`}>
										held back, in {until(row.takeable_time, now)}
									</span>
								) : (
									"now"
								)}
							</td>
							<td class="wrap">{row.error === null ? "" : <bdi>{row.error.desc}</bdi>}</td>
						</tr>
					))}
				</tbody>
			</table>
			{pending > rows.length && (
				<p class="soft">
					The first {rows.length} of {countOf(pending, "stream")}.{" "}
					<a href={hrefOf("streams", [], { q: "status:pending" })}>All of them under Streams</a>
				</p>
			)}
		</>
	);
}

/** What the figures mean for whoever wants the queue to move. */
function advice(pending: number, held: number, waiters: number): string {
	if (held >= pending)
		return "All of them are held back: they lost their agents too often, and wait a little before the next try.";
	if (waiters === 0)
		return "No agent that you see asks for streams right now. Start one, or look whether those there are have free slots.";
	return "Agents are asking: what waits is taken in the order below, as far as their filters allow.";
}

function Figure({ name, value, unit }: { name: string; value: string; unit: string }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>
				<strong>{value}</strong> {unit}
			</dd>
		</div>
	);
}
