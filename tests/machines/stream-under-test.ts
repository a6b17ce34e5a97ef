import { createActor } from "xstate";
import type { Status } from "../../machines/status.ts";
import type { Effect, StreamEvent } from "../../machines/stream-event.ts";
import type { StreamContext, StreamMachine } from "../../machines/stream-machine.ts";

/** One running actor, begun in any status, and what it says of each event. */
export class StreamUnderTest {
	readonly #actor;
	#said: Effect[] = [];

	constructor(machine: StreamMachine, status: Status, context: StreamContext) {
		this.#actor = createActor(machine, {
			input: context,
			snapshot: machine.resolveState({ value: status, context }),
		});
		this.#actor.on("*", (effect) => this.#said.push(effect));
		this.#actor.start();
	}

	/** The effects of this one event, in the order in which they were emitted. */
	send(event: StreamEvent): Effect[] {
		this.#said = [];
		this.#actor.send(event);
		return this.#said;
	}

	get status(): Status | "deleted" {
		return this.#actor.getSnapshot().value;
	}

	get context(): StreamContext {
		return this.#actor.getSnapshot().context;
	}

	get ended(): boolean {
		return this.#actor.getSnapshot().status === "done";
	}

	stop(): void {
		this.#actor.stop();
	}
}
