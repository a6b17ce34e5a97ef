import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { createStreamMachine } from "../../machines/stream-machine.ts";
import { EVENTS, STREAMS, type StreamName, TABLE_POLICY } from "./lifecycle-table.ts";
import { StreamUnderTest } from "./stream-under-test.ts";

const machine = createStreamMachine(TABLE_POLICY);
const names = Object.keys(STREAMS) as StreamName[];

/** The collector of this process, which Node shows only when told to. */
function collector(): () => void {
	setFlagsFromString("--expose-gc");
	return runInNewContext("gc") as () => void;
}

async function collect(gc: () => void): Promise<void> {
	// WeakRefs read in this turn of the event loop keep their targets until it ends.
	await new Promise((resolve) => setImmediate(resolve));
	gc();
}

describe("an actor of the machine", () => {
	it("begins in any status, with a context of its own, and says nothing until something happens", () => {
		for (const name of names) {
			const { status, context } = STREAMS[name];
			const snapshot = machine.resolveState({ value: status, context });
			const said: unknown[] = [];
			const actor = createActor(machine, { input: context, snapshot });
			actor.on("*", (effect) => said.push(effect));
			actor.start();
			expect(actor.getSnapshot().value, name).toBe(status);
			expect(actor.getSnapshot().context, name).toEqual(context);
			expect(said, name).toEqual([]);
			actor.stop();
		}
	});

	it("never changes the context that it was given: a committed copy may be kept beside it", () => {
		for (const name of names) {
			const { status } = STREAMS[name];
			const context = { ...STREAMS[name].context };
			Object.freeze(context);
			if (context.last_error !== null) Object.freeze(context.last_error);
			for (const event of Object.values(EVENTS)) {
				const stream = new StreamUnderTest(machine, status, context);
				stream.send(event);
				stream.stop();
				expect(context, name).toEqual(STREAMS[name].context);
			}
		}
	});

	it("shares nothing with another of the same machine", () => {
		const one = new StreamUnderTest(machine, "pending", STREAMS.pending.context);
		const other = new StreamUnderTest(machine, "pending", STREAMS.pending.context);
		one.send(EVENTS.take);
		expect(other.status).toBe("pending");
		expect(other.context).toEqual(STREAMS.pending.context);
		expect(other.send(EVENTS.silent)).toEqual([{ type: "ignored" }]);
		one.stop();
		other.stop();
	});

	it("leaves no timer behind", () => {
		const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
		const before = timers();
		const streams = names.map((name) => new StreamUnderTest(machine, STREAMS[name].status, STREAMS[name].context));
		for (const stream of streams) stream.send(EVENTS["feedback failure"]);
		expect(timers()).toBe(before);
		for (const stream of streams) stream.stop();
	});

	it("is collected once it is stopped, or deleted", async () => {
		const gc = collector();
		const count = 2_000;
		const kept: WeakRef<StreamUnderTest>[] = [];
		// In a function of its own, so that no frame holds the last of them.
		const live = () => {
			for (let index = 0; index < count; index += 1) {
				const stream = new StreamUnderTest(machine, "pending", STREAMS.pending.context);
				stream.send(EVENTS.take);
				if (index % 2 === 0) stream.stop();
				else stream.send(EVENTS.delete);
				kept.push(new WeakRef(stream));
			}
		};
		live();
		await collect(gc);
		await collect(gc);
		const left = kept.filter((reference) => reference.deref() !== undefined).length;
		expect(left).toBeLessThan(count / 100);
	});

	it("is cheap enough to have thousands of (printed, not asserted)", () => {
		const count = 5_000;
		const began = performance.now();
		const streams = Array.from(
			{ length: count },
			() => new StreamUnderTest(machine, "pending", STREAMS.pending.context),
		);
		const created = performance.now();
		for (const stream of streams) {
			stream.send(EVENTS.take);
			stream.send({ ...EVENTS["feedback failure"], agent_id: "agent-b" });
		}
		const sent = performance.now();
		const rate = (times: number, milliseconds: number) => Math.round((times / milliseconds) * 1_000);
		console.log(`actors: ${rate(count, created - began)} created/s, ${rate(2 * count, sent - created)} sent/s`);
		expect(streams.every((stream) => stream.status === "failure")).toBe(true);
		for (const stream of streams) stream.stop();
	});
});
