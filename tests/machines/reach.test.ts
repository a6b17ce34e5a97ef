import { describe, expect, it } from "vitest";
import { getStateNodes } from "xstate/graph";
import { STREAM_STATUSES } from "../../machines/status.ts";
import { createStreamMachine } from "../../machines/stream-machine.ts";
import { addressed, alike, createdStreams, edgesOf, explore, labelOf, shortestWays } from "./lifecycle-edges.ts";
import { EVENTS, type EventName, outcomeOf, STREAMS, type StreamName, TABLE_POLICY } from "./lifecycle-table.ts";
import { happen, type ModelStream } from "./reference-model.ts";

const machine = createStreamMachine(TABLE_POLICY);
const reachable = explore(machine);

describe("the graph of the lifecycle", () => {
	it("reaches every status from a stream's creation", () => {
		console.log(`reachable: ${reachable.length} states`);
		expect([...new Set(reachable.map((place) => place.status))].sort()).toEqual([...STREAM_STATUSES].sort());
	});

	it("reaches every variant that the table tells apart", () => {
		for (const name of Object.keys(STREAMS) as StreamName[]) {
			const { status, context: wanted } = STREAMS[name];
			const found = reachable.some(
				(place) =>
					place.status === status &&
					place.snapshot.context.autorestart_status === wanted.autorestart_status &&
					place.snapshot.context.videofile === wanted.videofile,
			);
			expect(found, name).toBe(true);
		}
	});

	it("has every edge of the table, and no other", () => {
		const inTable = new Set<string>();
		for (const event of Object.keys(EVENTS) as EventName[]) {
			for (const stream of Object.keys(STREAMS) as StreamName[]) {
				const outcome = outcomeOf(event, stream);
				if (outcome.effects.some((effect) => effect.type === "ignored" || effect.type === "refused")) continue;
				const from = STREAMS[stream].status;
				inTable.add(`${from} → ${outcome.to === "same" ? from : outcome.to}: ${labelOf(EVENTS[event])}`);
			}
		}
		const inMachine = edgesOf(machine, reachable).map((edge) => `${edge.from} → ${edge.to}: ${edge.event}`);
		expect(inMachine.sort()).toEqual([...inTable].sort());
	});

	it("takes every transition that the machine defines: nothing in it is dead", () => {
		const defined = new Map(
			getStateNodes(machine)
				.concat(machine.root)
				.flatMap((node) => [...node.transitions.values()].flat())
				.map((transition) => [transition, `${transition.source.key}.${transition.eventType}`]),
		);
		for (const { snapshot } of reachable) {
			for (const event of Object.values(EVENTS)) {
				for (const transition of machine.getTransitionData(snapshot, addressed(event, snapshot))) {
					defined.delete(transition);
				}
			}
		}
		expect([...defined.values()]).toEqual([]);
	});

	it("the shortest way to each state is one that the contract's model walks too", () => {
		for (const created of createdStreams(machine)) {
			const ways = shortestWays(machine, created);
			expect(ways.length).toBeGreaterThan(STREAM_STATUSES.length);
			for (const { events, end } of ways) {
				let model: ModelStream = { status: "pending", ...created.context };
				for (const event of events) model = happen(model, event, TABLE_POLICY).stream;
				expect(alike(model.status, model), events.map(labelOf).join(", ")).toBe(end);
			}
		}
	});
});
