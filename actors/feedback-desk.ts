import type { Database } from "../persistence/database.ts";
import { unavailable } from "../persistence/fault.ts";
import type { Scope } from "../persistence/scope.ts";
import { streamsWithin } from "../persistence/streams/within.ts";
import { NO_LUGGAGE } from "./change-draft.ts";
import type { Clock, Random } from "./clock.ts";
import type { Bus } from "./cluster/cluster.ts";
import type { FeedbackAnswer, FeedbackItem, FeedbackState } from "./engine.ts";
import type { Registry } from "./registry.ts";
import { jsonOf } from "./reported.ts";
import { type HearingRules, type Outcome, StreamActor } from "./stream-actor.ts";
import type { TelemetryFlush } from "./telemetry-flush.ts";

export interface FeedbackDeskOptions extends HearingRules {
	database: Database;
	registry: Registry;
	telemetry: TelemetryFlush;
	clock: Clock;
	random: Random;
	durability: "interval" | "commit";
	/** No other node writes. */
	alone: boolean;
	bus: Bus;
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

	/** Answers at once when all of it is plain feedback of streams that are known here, and else a promise. */
	take(
		items: readonly FeedbackItem[],
		agent_id: string | null,
		scope: Scope,
	): FeedbackAnswer | Promise<FeedbackAnswer> {
		const { database, registry, telemetry, clock, alone } = this.#options;
		const { accounts } = scope;
		// What cannot be written within the interval must not be taken as told.
		if (!database.available) return Promise.reject(unavailable("database"));
		this.items += items.length;
		const answer: FeedbackAnswer = { modified: [], unmodified: [] };
		// Actors know their accounts, and not their groups.
		if (this.#mustBeWritten || scope.groups !== null) return this.#takeRest(items, agent_id, scope, answer);
		const now = clock.monotonic();
		let at = 0;
		for (const item of items) {
			const actor = registry.peek(item.stream_id);
			if (actor === undefined || accounts?.includes(actor.account_id) === false) break;
			const heard = actor.hear(item, agent_id, this.#options, now);
			if (heard === "kept") {
				telemetry.mark(actor);
				answer.modified.push(stateOf(item.stream_id, "in_progress", item.version));
			} else if (heard === "foreign" && alone) {
				answer.unmodified.push(stateOf(item.stream_id, actor.status, actor.version));
			} else break;
			at++;
		}
		return at === items.length ? answer : this.#takeRest(items.slice(at), agent_id, scope, answer);
	}

	/** Answers what remains, behind what is answered already. */
	async #takeRest(
		items: readonly FeedbackItem[],
		agent_id: string | null,
		scope: Scope,
		before: FeedbackAnswer,
	): Promise<FeedbackAnswer> {
		const { registry } = this.#options;
		const absent = new Set<string>();
		for (const { stream_id } of items) if (registry.peek(stream_id) === undefined) absent.add(stream_id);
		const unknown = absent.size > 0 ? await registry.ensure(absent) : absent;
		if (scope.accounts !== null || scope.groups !== null) await this.#addOutside(items, scope, unknown);

		const answers: Answered[] = new Array(items.length);
		const waiting: Promise<void>[] = [];
		const kept: { item: FeedbackItem; index: number; actor: StreamActor }[] = [];
		const answerWith = (item: FeedbackItem, index: number, outcome: Promise<Outcome>) =>
			waiting.push(
				outcome.then((settled) => {
					answers[index] = answerOf(item, settled);
				}),
			);
		items.forEach((item, index) => {
			const judged = unknown.has(item.stream_id) ? NOT_FOUND : this.#judge(item, agent_id);
			if (judged instanceof StreamActor) {
				kept.push({ item, index, actor: judged });
				answers[index] = { modified: true, state: stateOf(item.stream_id, "in_progress", item.version) };
			} else if (judged instanceof Promise) answerWith(item, index, judged);
			else answers[index] = answerOf(item, judged);
		});
		if (kept.length > 0 && this.#mustBeWritten) {
			await this.#options.telemetry.flush();
			// What was not in that run any more was judged on an old copy, which is gone: it is judged again, on the row.
			for (const { item, index, actor } of kept)
				if (actor.gone) answerWith(item, index, this.#news(item, agent_id, undefined));
		}
		if (waiting.length > 0) await allOrFirst(waiting);
		for (const { modified, state } of answers) (modified ? before.modified : before.unmodified).push(state);
		return before;
	}

	/** Adds the streams that are out of scope to those that do not exist. */
	async #addOutside(items: readonly FeedbackItem[], scope: Scope, unknown: Set<string>): Promise<void> {
		const { database, registry } = this.#options;
		const asked = new Set<string>();
		for (const { stream_id } of items) {
			const actor = registry.peek(stream_id);
			if (actor === undefined || scope.groups !== null) asked.add(stream_id);
			else if (!scope.accounts?.includes(actor.account_id)) unknown.add(stream_id);
		}
		if (asked.size === 0) return;
		const within = await database.run("commands", (sql) => streamsWithin(sql, [...asked], scope));
		for (const stream_id of asked) if (!within.has(stream_id)) unknown.add(stream_id);
	}

	/** Plain feedback is answered after it is written: by choice, or because nobody would tell this node of changes elsewhere. */
	get #mustBeWritten(): boolean {
		const { durability, alone, bus } = this.#options;
		return durability === "commit" || (!alone && !bus.connected);
	}

	/** The actor, when it keeps the item as telemetry. */
	#judge(item: FeedbackItem, agent_id: string | null): StreamActor | Outcome | Promise<Outcome> {
		const { registry, telemetry, clock, alone } = this.#options;
		const actor = registry.peek(item.stream_id);
		if (actor) {
			const heard = actor.hear(item, agent_id, this.#options, clock.monotonic());
			if (heard === "kept") {
				telemetry.mark(actor);
				return actor;
			}
			if (heard === "foreign") {
				// Saying no makes an agent stop, and the copy may be older than the take: it may say yes, but not no.
				if (!alone) return this.#news(item, agent_id, actor, true);
				return { kind: "ignored", status: actor.status, version: actor.version };
			}
		}
		return this.#news(item, agent_id, actor);
	}

	#news(item: FeedbackItem, agent_id: string | null, actor: StreamActor | undefined, fresh = false): Promise<Outcome> {
		const { registry, clock, random, healthyPeriod } = this.#options;
		const { stream_id, version, status, error } = item;
		const recovers = status === "in_progress" && actor?.recovers(healthyPeriod);
		const outcome = registry.submit(stream_id, {
			fresh,
			event: { type: "feedback", version, status, agent_id, error, random: random() },
			luggage: {
				...NO_LUGGAGE,
				heard: clock.monotonic(),
				first_feedback: status === "in_progress",
				video_info: jsonOf(item.video_info ?? null) ?? undefined,
				preview: jsonOf(item.preview ?? null) ?? undefined,
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
