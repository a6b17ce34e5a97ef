import type { ActorLogic } from "xstate";
import { getAdjacencyMap, getShortestPaths } from "xstate/graph";
import type { Status } from "../../machines/status.ts";
import type { StreamEvent } from "../../machines/stream-event.ts";
import type { StreamContext, StreamMachine, StreamSnapshot } from "../../machines/stream-machine.ts";
import { EVENTS } from "./lifecycle-table.ts";
import { createdStream } from "./reference-model.ts";
import { StreamUnderTest } from "./stream-under-test.ts";

/** A snapshot that the machine can come to from its creation, at the status that it then has. */
export interface Reachable {
	status: Status;
	snapshot: StreamSnapshot;
}

/** An edge of the lifecycle: what happens to a stream of one status, where it leads, and whether that is always so. */
export interface Edge {
	from: Status;
	event: string;
	to: Status | "deleted";
	/** True when some streams of the status take this edge and some do not. */
	conditional: boolean;
}

/** What a created stream may be like, as far as the lifecycle cares. */
export function createdStreams(machine: StreamMachine): StreamSnapshot[] {
	const bodies = [
		{ restart: 1, videofile: false },
		{ restart: 1, videofile: true },
		{ restart: 0, videofile: false },
	] as const;
	return bodies.map((body) => {
		const { status: _, ...context } = createdStream({ status: "pending", attempt_count: 2, delay: 60, ...body });
		return machine.resolveState({ value: "pending", context });
	});
}

/** Everything that created streams can become, found by trying every event of the table in every state. */
export function explore(machine: StreamMachine): Reachable[] {
	const found = new Map<string, Reachable>();
	for (const created of createdStreams(machine)) {
		for (const { state } of Object.values(getAdjacencyMap(asGraph(machine), traversal(created)))) {
			if (state.value === "deleted") continue;
			found.set(alike(state.value, state.context), { status: state.value, snapshot: state });
		}
	}
	return [...found.values()];
}

/** The shortest way to everything that a created stream can become. */
export function shortestWays(
	machine: StreamMachine,
	created: StreamSnapshot,
): { events: StreamEvent[]; end: string }[] {
	return getShortestPaths(asGraph(machine), traversal(created)).map((path) => ({
		// The way begins with the actor's own start.
		events: path.steps.map((step) => step.event).filter((event) => !event.type.startsWith("xstate.")),
		end: alike(path.state.value, path.state.context),
	}));
}

/** The types of xstate/graph leave no room for emitted events, of which a graph needs nothing. */
function asGraph(machine: StreamMachine): ActorLogic<StreamSnapshot, StreamEvent, StreamContext> {
	return machine as unknown as ActorLogic<StreamSnapshot, StreamEvent, StreamContext>;
}

function traversal(created: StreamSnapshot) {
	return {
		fromState: created,
		events: (snapshot: StreamSnapshot) => Object.values(EVENTS).map((event) => addressed(event, snapshot)),
		// Contexts that the lifecycle treats alike count as one, or the counters would make the graph endless.
		serializeState: (snapshot: StreamSnapshot) => alike(snapshot.value, snapshot.context),
		stopWhen: (snapshot: StreamSnapshot) => snapshot.status !== "active",
		limit: 100_000,
	};
}

/** An event of the table, which speaks of version 4, run 3 and agent-a, as it reads for this stream. */
export function addressed(event: StreamEvent, { context }: StreamSnapshot): StreamEvent {
	if (event.type === "undelivered") return { ...event, run: event.run - 3 + context.run };
	if (event.type !== "feedback") return event;
	const agent_id = event.agent_id === "agent-a" ? context.agent_id : event.agent_id;
	return { ...event, version: event.version - 4 + context.version, agent_id };
}

/** What the lifecycle looks at: not how many attempts were made but how many are left, and so on. */
export function alike(status: string, context: StreamContext): string {
	const left = context.attempt_count - context.current_attempt;
	return JSON.stringify([
		status,
		context.restart === 1 && left,
		context.autorestart_status,
		context.agent_id === null,
		context.videofile,
		Math.min(context.lost_count, 3),
		context.last_error?.error_code ?? null,
	]);
}

/** The name of an event in the diagram: its type, and the status that it asks for or reports. */
export function labelOf(event: StreamEvent): string {
	return "status" in event ? `${event.type} ${event.status}` : event.type;
}

/** The edges that the machine really has: every event that is neither ignored nor refused, in every reachable state. */
export function edgesOf(machine: StreamMachine, reachable: readonly Reachable[]): Edge[] {
	const taken = new Map<string, { edge: Edge; streams: Set<Reachable> }>();
	for (const place of reachable) {
		for (const original of Object.values(EVENTS)) {
			const event = addressed(original, place.snapshot);
			const stream = new StreamUnderTest(machine, place.status, place.snapshot.context);
			const effects = stream.send(event);
			const to = stream.status;
			stream.stop();
			if (effects.some((effect) => effect.type === "ignored" || effect.type === "refused")) continue;
			const edge: Edge = { from: place.status, event: labelOf(event), to, conditional: false };
			const key = JSON.stringify(edge);
			const entry = taken.get(key) ?? { edge, streams: new Set() };
			entry.streams.add(place);
			taken.set(key, entry);
		}
	}
	return [...taken.values()].map(({ edge, streams }) => ({
		...edge,
		conditional: streams.size < reachable.filter((place) => place.status === edge.from).length,
	}));
}
