import { useMemo } from "preact/hooks";
import type { ServerMessage } from "../../../../client/console/protocol.ts";
import { mayInspect, me } from "../../app/console.ts";
import { theme } from "../../app/theme.ts";
import { NodeHistory } from "../../charts/history.ts";
import { ensureLanguage } from "../../charts/language.ts";
import { later } from "../../controls/later.tsx";
import { useHeard } from "../../stores/heard.ts";
import { AgentsTable } from "./agents-table.tsx";
import { NodesTable } from "./nodes-table.tsx";

const NodeCharts = later(async () => {
	ensureLanguage();
	return (await import("../../charts/node-charts.tsx")).NodeCharts;
});

type NodesMessage = Extract<ServerMessage, { type: "nodes" }>;
const REDIS_WORDS: Readonly<Record<NodesMessage["redis"], string>> = {
	off: "This node works alone: no Redis is configured.",
	connected: "Redis is connected: the nodes hear from each other at once.",
	away: "Redis is away. Nothing is lost, but other nodes' news come with a delay. Look after Redis.",
};

/** The service's nodes and the agents, and how they do; for whoever sees all accounts and groups. */
export function Nodes() {
	if (mayInspect.value) return <NodesSeen />;
	return (
		<p class="note">
			{me.value === null
				? "Asking …"
				: "Only viewers, operators and administrators of the whole service may look at its nodes."}
		</p>
	);
}

function NodesSeen() {
	const { message, failure } = useHeard("nodes", () => ({ op: "nodes" }), []).value;
	const queue = useHeard("queue", () => ({ op: "queue" }), []).value.message;
	const history = useMemo(() => new NodeHistory(), []);
	// Before it is drawn, and once for each message.
	useMemo(() => message && history.add(Date.now(), message.nodes), [message]);
	if (failure !== undefined)
		return (
			<p class="note" role="alert">
				{failure}
			</p>
		);
	if (message === undefined) return <p class="note">Asking …</p>;
	return (
		<section class="page wide">
			<h1>Nodes and agents</h1>
			<p class="soft" data-redis={message.redis}>
				{REDIS_WORDS[message.redis]}
			</p>
			<NodesTable nodes={message.nodes} />
			<h2>Agents</h2>
			{queue === undefined ? <p class="soft">Asking …</p> : <AgentsTable agents={queue.agents} />}
			<h2>Since you opened this page</h2>
			{history.rounds < 2 ? (
				<p class="soft">The charts begin with the next second.</p>
			) : (
				<NodeCharts history={history} theme={theme.value} round={history.rounds} />
			)}
		</section>
	);
}
