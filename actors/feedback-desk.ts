import type { Database } from "../persistence/database.ts";
import { unavailable } from "../persistence/fault.ts";
import { NO_LUGGAGE } from "./change-draft.ts";
import type { Clock, Random } from "./clock.ts";
import type { FeedbackAnswer, FeedbackItem, FeedbackState } from "./engine.ts";
import type { Registry } from "./registry.ts";
import type { HearingRules, Outcome, StreamActor } from "./stream-actor.ts";
import type { TelemetryFlush } from "./telemetry-flush.ts";

export interface FeedbackDeskOptions extends HearingRules {
	database: Database;
	registry: Registry;
	telemetry: TelemetryFlush;
	clock: Clock;
	random: Random;
	durability: "interval" | "commit";
}

interface Answered {
	modified: boolean;
	state: FeedbackState;
}

/**
 * Takes feedback in (contract, section 6). Plain signs of life end here, in memory; what is news goes to the actor and is
 * answered after its commit.
 */
export class FeedbackDesk {
	readonly #options: FeedbackDeskOptions;
	/** Taken in so far. */
	items = 0;

	constructor(options: FeedbackDeskOptions) {
		this.#options = options;
	}

	async take(items: readonly FeedbackItem[], agent_id: string | null): Promise<FeedbackAnswer> {
		const { database, registry, telemetry, durability } = this.#options;
		// What cannot be written within the interval must not be taken as told.
		if (!database.available) throw unavailable("database");
		this.items += items.length;
		const absent = new Set<string>();
		for (const { stream_id } of items) if (registry.peek(stream_id) === undefined) absent.add(stream_id);
		const unknown = absent.size > 0 ? await registry.ensure(absent) : absent;

		const answers: Answered[] = new Array(items.length);
		const waiting: Promise<void>[] = [];
		let kept = false;
		items.forEach((item, index) => {
			const judged = unknown.has(item.stream_id) ? NOT_FOUND : this.#judge(item, agent_id);
			if (judged === "kept") {
				kept = true;
				answers[index] = { modified: true, state: stateOf(item.stream_id, "in_progress", item.version) };
			} else if (judged instanceof Promise) {
				waiting.push(
					judged.then((outcome) => {
						answers[index] = answerOf(item, outcome);
					}),
				);
			} else answers[index] = answerOf(item, judged);
		});
		if (waiting.length > 0) await allOrFirst(waiting);
		if (kept && durability === "commit") await telemetry.flush();
		return {
			modified: answers.filter((answer) => answer.modified).map((answer) => answer.state),
			unmodified: answers.filter((answer) => !answer.modified).map((answer) => answer.state),
		};
	}

	#judge(item: FeedbackItem, agent_id: string | null): "kept" | Outcome | Promise<Outcome> {
		const { registry, telemetry } = this.#options;
		const actor = registry.peek(item.stream_id);
		if (actor) {
			const heard = actor.hear(item, agent_id, this.#options);
			if (heard === "kept") {
				telemetry.mark(actor);
				return "kept";
			}
			if (heard === "foreign") return { kind: "ignored", status: actor.status, version: actor.version };
		}
		return this.#news(item, agent_id, actor);
	}

	#news(item: FeedbackItem, agent_id: string | null, actor: StreamActor | undefined): Promise<Outcome> {
		const { registry, clock, random, healthyPeriod } = this.#options;
		const { stream_id, version, status, error } = item;
		const recovers = status === "in_progress" && actor?.recovers(healthyPeriod);
		const outcome = registry.submit(stream_id, {
			event: { type: "feedback", version, status, agent_id, error, random: random() },
			luggage: {
				...NO_LUGGAGE,
				heard: clock.monotonic(),
				first_feedback: status === "in_progress",
				video_info: item.video_info ?? undefined,
				preview: item.preview ?? undefined,
			},
		});
		if (!recovers) return outcome;
		// It has been healthy for long enough: what it went through is forgotten, in the same commit.
		return Promise.all([outcome, registry.submit(stream_id, { event: { type: "healthy" } })]).then(([first]) => first);
	}
}

const NOT_FOUND: Outcome = { kind: "not_found" };

function answerOf({ stream_id, version }: FeedbackItem, outcome: Outcome): Answered {
	switch (outcome.kind) {
		case "not_found":
			return { modified: false, state: stateOf(stream_id, "not_found", version) };
		case "refused":
			// The lifecycle refuses commands of clients, never feedback.
			throw new Error(`feedback on ${stream_id} was refused with ${outcome.code}`);
		default:
			return { modified: outcome.kind === "applied", state: stateOf(stream_id, outcome.status, outcome.version) };
	}
}

function stateOf(stream_id: string, status: FeedbackState["status"], version: number): FeedbackState {
	return { stream_id, status, version };
}

/** Waits for all before it throws what the first one threw: nothing goes on behind an answer. */
async function allOrFirst(work: Promise<void>[]): Promise<void> {
	for (const result of await Promise.allSettled(work)) if (result.status === "rejected") throw result.reason;
}
