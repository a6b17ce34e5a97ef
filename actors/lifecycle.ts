import { type ActorScope, createActor } from "xstate";
import { STREAM_STATUSES, type Status } from "../machines/status.ts";
import type { Effect, StreamEvent } from "../machines/stream-event.ts";
import type { StreamContext, StreamMachine, StreamSnapshot } from "../machines/stream-machine.ts";

/**
 * Runs the machine for all streams: a stream keeps its snapshot, and this one takes it to the next. An XState actor for each
 * stream did the same, but making one took 20 µs and 3.5 KB, for a stream that mostly gets one event before it rests (decision
 * 018). The library's own `transition` makes such an actor for each event.
 */
export class Lifecycle {
	readonly #machine: StreamMachine;
	readonly #scope: ActorScope<StreamSnapshot, StreamEvent, never, Effect>;
	/** A snapshot of each status, to be copied with the context of a stream. */
	readonly #templates: ReadonlyMap<Status, StreamSnapshot>;
	#effects: Effect[] = [];

	constructor(machine: StreamMachine) {
		this.#machine = machine;
		this.#templates = new Map(
			STREAM_STATUSES.map((value) => [value, machine.resolveState({ value, context: NOBODY })] as const),
		);
		const self = createActor(machine, { input: NOBODY });
		this.#scope = {
			self,
			id: self.id,
			sessionId: self.sessionId,
			system: self.system as never,
			logger: () => undefined,
			defer: (work) => work(),
			emit: (effect) => void this.#effects.push(effect),
			stopChild: () => undefined,
			actionExecutor: (action) => action.exec?.(action.info, action.params),
		};
	}

	/** Where a stream with this status and context stands. */
	at(status: Status, context: StreamContext): StreamSnapshot {
		const template = this.#templates.get(status);
		if (template === undefined) throw new Error(`no stream shows ${status}`);
		return { ...template, context };
	}

	/** What becomes of a stream by an event, and what the machine says of it, in order. */
	next(snapshot: StreamSnapshot, event: StreamEvent): { snapshot: StreamSnapshot; effects: Effect[] } {
		this.#effects = [];
		const next = this.#machine.transition(snapshot, event, this.#scope);
		return { snapshot: next, effects: this.#effects };
	}
}

const NOBODY: StreamContext = {
	version: 1,
	run: 0,
	agent_id: null,
	videofile: false,
	restart: 0,
	attempt_count: 1,
	delay: 1,
	current_attempt: 0,
	autorestart_status: "disabled",
	lost_count: 0,
	last_error: null,
};
