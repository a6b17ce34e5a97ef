import type { Effect, ReportedError, StreamEvent } from "../machines/stream-event.ts";
import { errorIsNews, isAboutPresentRun, type StreamContext, type StreamSnapshot } from "../machines/stream-machine.ts";
import type { JsonText, StreamStatus } from "../persistence/stream-row.ts";
import type { Change, Due } from "../persistence/streams/commit.ts";
import type { StreamState } from "../persistence/streams/load.ts";
import { ChangeDraft, type Luggage } from "./change-draft.ts";
import type { Clock } from "./clock.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { jsonOf, type Reported } from "./reported.ts";

/** Something to be done with one stream, and who waits for it. */
export interface Command {
	event: StreamEvent | null;
	luggage: Luggage;
	/** Restricts to these accounts; null: any. */
	accounts: readonly string[] | null;
	/** How often it was evaluated: a change that lost its guard is made again on the row loaded anew. */
	attempts: number;
	resolve: (outcome: Outcome) => void;
	reject: (error: unknown) => void;
}

/** What became of a command, when everything that it was based on is committed. */
export type Outcome =
	| { kind: "applied" | "ignored"; status: StreamStatus; version: number }
	| { kind: "refused"; code: 39003 | 39004 | 39005 }
	| { kind: "not_found" };

/** The newest that an agent said of a stream in progress: kept in memory, flushed together with that of other streams. */
export interface ActorTelemetry {
	run: number;
	/** Monotonic milliseconds. */
	heard: number;
	video_info: Reported | null;
	/** Not written yet. */
	dirty: boolean;
	/** Monotonic milliseconds of the end of the flush that wrote it. */
	flushed: number;
}

/** Feedback that may be plain. */
interface Heard {
	version: number;
	status: string;
	error?: ReportedError | null;
	video_info?: Reported | null;
	preview?: Reported | null;
}

export interface HearingRules {
	/** Milliseconds of in_progress feedback after which a run counts as healthy. */
	healthyPeriod: number;
	/** LOG_FEEDBACK is `all`: every feedback leaves a record. */
	everyFeedbackIsNews: boolean;
}

interface Round {
	draft: ChangeDraft | null;
	commands: { command: Command; outcome: Outcome }[];
}

/** What of a row the judgement of plain feedback and reads need: as it is committed, whatever is under way. */
interface Committed {
	status: StreamStatus;
	version: number;
	run: number;
	agent_id: string | null;
	revision: number;
	account_id: string;
	last_error: ReportedError | null;
	preview: JsonText | null;
	/** Monotonic milliseconds of the first in_progress feedback of this run, or null. */
	healthy_since: number | null;
	/** Monotonic milliseconds of the last feedback that the row knows of. */
	heard: number;
	recovering: boolean;
	/** Monotonic milliseconds at which a failed stream restarts by itself, or null. */
	due: number | null;
}

/**
 * One stream happening: the machine's snapshot, which says what may happen next, the committed state beside it, and the commands
 * whose changes are not committed yet.
 *
 * Commands are evaluated at once, in order, on the working state; their answers wait for the commit. At most one change is
 * with the pipeline (`inflight`), and what is evaluated meanwhile makes the next one (`next`).
 */
export class StreamActor {
	readonly stream_id: string;
	readonly #clock: Clock;
	readonly #lifecycle: Lifecycle;
	#snapshot: StreamSnapshot;
	#committed: Committed;
	#inflight: (Round & { change: Change; status: StreamStatus; context: StreamContext }) | null = null;
	#next: Round = { draft: null, commands: [] };
	/** The newest that an agent said, or null. */
	telemetry: ActorTelemetry | null = null;
	/** Monotonic milliseconds of the last use, for letting idle actors go. */
	used: number;
	/** It is among those whose telemetry the next flush writes. */
	marked = false;
	/** True when the registry has let it go: it takes nothing more. */
	gone = false;

	constructor(lifecycle: Lifecycle, state: StreamState, clock: Clock) {
		this.stream_id = state.stream_id;
		this.#clock = clock;
		const now = clock.monotonic();
		this.used = now;
		const context: StreamContext = {
			version: state.version,
			run: state.run,
			agent_id: state.agent_id,
			videofile: state.data_type === "videofile",
			restart: state.restart,
			attempt_count: state.attempt_count,
			delay: state.delay,
			current_attempt: state.current_attempt,
			autorestart_status: state.autorestart_status,
			lost_count: state.lost_count,
			// Our own text, written by us.
			last_error: state.last_error === null ? null : (JSON.parse(state.last_error) as ReportedError),
		};
		this.#committed = {
			status: state.status,
			version: state.version,
			run: state.run,
			agent_id: state.agent_id,
			revision: state.revision,
			account_id: state.account_id,
			last_error: context.last_error,
			preview: state.preview,
			healthy_since: state.healthy_age === null ? null : now - state.healthy_age * 1000,
			heard: state.feedback_age === null ? now : now - state.feedback_age * 1000,
			recovering: isRecovering(context),
			due: state.due_in === null ? null : now + state.due_in * 1000,
		};
		this.#lifecycle = lifecycle;
		this.#snapshot = lifecycle.at(state.status, context);
	}

	get revision(): number {
		return this.#committed.revision;
	}

	get status(): StreamStatus {
		return this.#committed.status;
	}

	get version(): number {
		return this.#committed.version;
	}

	get run(): number {
		return this.#committed.run;
	}

	get account_id(): string {
		return this.#committed.account_id;
	}

	/** Nothing is under way and nothing waits. */
	get settled(): boolean {
		return this.#inflight === null && this.#next.commands.length === 0;
	}

	/** There is a change to commit, and none of this stream with the pipeline. */
	get ready(): boolean {
		return this.#inflight === null && this.#next.draft !== null;
	}

	/**
	 * Judges feedback that may be plain: a sign of life of the present run with nothing new but `video_info`. Plain feedback
	 * is kept and costs neither machine nor database (contract, section 6).
	 *
	 * @param now monotonic milliseconds
	 * @returns "kept"; "foreign" when it is not about the present run; or "news" when the machine must judge it.
	 */
	hear(feedback: Heard, agent_id: string | null, rules: HearingRules, now: number): "kept" | "foreign" | "news" {
		const committed = this.#committed;
		this.used = now;
		if (!this.settled) return "news";
		if (committed.status !== "in_progress" || !isAboutPresentRun(committed, feedback.version, agent_id))
			return "foreign";
		if (
			feedback.status !== "in_progress" ||
			committed.healthy_since === null ||
			errorIsNews(committed.last_error, feedback.error) ||
			(feedback.preview != null && jsonOf(feedback.preview) !== committed.preview) ||
			rules.everyFeedbackIsNews ||
			(committed.recovering && now - committed.healthy_since >= rules.healthyPeriod)
		)
			return "news";
		this.keep(feedback.video_info ?? null, now);
		return "kept";
	}

	/** Keeps telemetry of the present run; the newest wins, and what it does not say stays. */
	keep(video_info: Reported | null, heard: number): void {
		const telemetry = this.telemetry;
		if (telemetry !== null && telemetry.run === this.#committed.run) {
			telemetry.heard = heard;
			telemetry.dirty = true;
			if (video_info !== null) telemetry.video_info = video_info;
		} else this.telemetry = { run: this.#committed.run, heard, video_info, dirty: true, flushed: 0 };
	}

	/** The present run has lasted the healthy period, and there is something to recover from. */
	recovers(healthyPeriod: number): boolean {
		const { status, recovering, healthy_since } = this.#committed;
		return (
			status === "in_progress" &&
			recovering &&
			healthy_since !== null &&
			this.#clock.monotonic() - healthy_since >= healthyPeriod
		);
	}

	#isDue(): boolean {
		const { due } = this.#committed;
		return due !== null && this.#clock.monotonic() >= due;
	}

	/** True when the present run has not sent any in_progress feedback yet. */
	get awaitsFirstFeedback(): boolean {
		return this.#committed.healthy_since === null;
	}

	/** Seconds since the last sign of life that this node knows of. */
	get silence(): number {
		const heard = Math.max(this.#committed.heard, this.telemetry?.heard ?? Number.NEGATIVE_INFINITY);
		return (this.#clock.monotonic() - heard) / 1000;
	}

	/** Evaluates a command now. Its answer comes when everything before it is committed; at once when nothing is under way. */
	submit(command: Command): void {
		this.used = this.#clock.monotonic();
		command.attempts++;
		const outcome = this.#evaluate(command);
		if (this.#inflight === null && this.#next.draft === null && this.#next.commands.length === 0)
			command.resolve(outcome);
		else this.#next.commands.push({ command, outcome });
	}

	#evaluate(command: Command): Outcome {
		const before = this.#snapshot;
		const account_id = this.#next.draft?.account_id ?? this.#inflight?.change.account_id ?? this.#committed.account_id;
		if (command.accounts !== null && !command.accounts.includes(account_id)) return { kind: "not_found" };
		const { event, luggage } = command;
		// A watcher's event about a stream that has been heard of meanwhile, or restarted, or is on its way: not for now.
		const silent = luggage.silent_for === null || this.silence >= luggage.silent_for;
		// The watcher has asked the database; only when that lost its guard, the row loaded anew is asked here.
		const due = !luggage.if_due || command.attempts === 1 || this.#isDue();
		const watched = luggage.silent_for !== null || luggage.if_due;
		if (watched && !(this.settled && silent && due))
			return { kind: "ignored", status: before.value as StreamStatus, version: before.context.version };
		let after = before;
		let effects: readonly Effect[] = [];
		if (event !== null) {
			({ snapshot: after, effects } = this.#lifecycle.next(before, event));
			this.#snapshot = after;
		}
		const status = after.value as StreamStatus;
		for (const effect of effects) {
			if (effect.type === "refused") return { kind: "refused", code: effect.code };
			if (effect.type === "ignored") return { kind: "ignored", status, version: after.context.version };
		}
		const ended = before.value === "in_progress" && status !== "in_progress";
		const reporting = luggage.heard === null && ended ? this.#lastWords(luggage) : this.#reporting(luggage);
		const changed = after.context !== before.context || effects.length > 0;
		const said = luggage.heard !== null || luggage.description !== null || luggage.definition !== null;
		if (changed || said) {
			this.#next.draft ??= new ChangeDraft();
			const moved = before.value !== after.value || luggage.definition !== null;
			this.#next.draft.add(effects, reporting, after.context, moved);
		}
		return { kind: "applied", status, version: after.context.version };
	}

	/**
	 * Feedback that is news takes telemetry that is not written yet along, so that its log record shows the newest; what it
	 * says itself is the newest from now on, so that no later flush writes what is older.
	 */
	#reporting(luggage: Luggage): Luggage {
		const { telemetry } = this;
		if (luggage.heard === null || telemetry === null || telemetry.run !== this.#committed.run) return luggage;
		telemetry.heard = luggage.heard;
		if (luggage.video_info != null) telemetry.video_info = luggage.video_info;
		if (!telemetry.dirty || telemetry.video_info === null) return luggage;
		return { ...luggage, video_info: jsonOf(telemetry.video_info) };
	}

	/**
	 * A command that ends the run takes along what the agent was told is kept: the flush writes only what is in progress.
	 * Who forgets the report says so by an effect, which comes after this.
	 */
	#lastWords(luggage: Luggage): Luggage {
		const { telemetry } = this;
		if (telemetry === null || !telemetry.dirty || telemetry.run !== this.#committed.run) return luggage;
		return telemetry.video_info === null ? luggage : { ...luggage, video_info: jsonOf(telemetry.video_info) };
	}

	/** The change to commit now. To be asked when `ready`. */
	begin(): Change {
		const round = this.#next;
		if (round.draft === null || this.#inflight !== null) throw new Error("there is no change to begin");
		const { value, context } = this.#snapshot;
		const status = value as StreamStatus;
		const change = round.draft.finish(
			{
				stream_id: this.stream_id,
				account_id: round.draft.account_id ?? this.#committed.account_id,
				revision: this.#committed.revision,
			},
			status,
			context,
			this.#clock.monotonic(),
		);
		this.#inflight = { ...round, change, status, context };
		this.#next = { draft: null, commands: [] };
		return change;
	}

	/** The change is committed: it is the committed state now, and its commands get their answers. */
	committed(): void {
		const inflight = this.#inflight;
		if (inflight === null) return;
		const { change, context, status } = inflight;
		const now = this.#clock.monotonic();
		this.#committed = {
			...this.#committed,
			status,
			version: context.version,
			run: context.run,
			agent_id: context.agent_id,
			revision: change.revision + 1,
			account_id: change.account_id,
			last_error: context.last_error,
			preview: change.preview === undefined ? this.#committed.preview : change.preview,
			healthy_since: change.first_feedback ? (this.#committed.healthy_since ?? now) : this.#committed.healthy_since,
			heard: change.feedback_age === null ? this.#committed.heard : now,
			recovering: isRecovering(context),
			due: dueAfter(change.restart_in, this.#committed.due, now),
		};
		if (status !== "in_progress") this.telemetry = null;
		this.#inflight = null;
		for (const { command, outcome } of inflight.commands) command.resolve(outcome);
		if (this.#next.draft === null) {
			const based = this.#next.commands;
			this.#next = { draft: null, commands: [] };
			for (const { command, outcome } of based) command.resolve(outcome);
		}
	}

	/** Takes every command that is not committed off this actor, in order: they will be evaluated again, or fail. */
	surrender(): Command[] {
		const commands = [...(this.#inflight?.commands ?? []), ...this.#next.commands].map(({ command }) => command);
		this.#inflight = null;
		this.#next = { draft: null, commands: [] };
		return commands;
	}
}

function dueAfter(restart_in: Due, before: number | null, now: number): number | null {
	if (restart_in === "keep") return before;
	return restart_in === "clear" ? null : now + restart_in * 1000;
}

function isRecovering(context: StreamContext): boolean {
	return context.current_attempt > 0 || context.autorestart_status === "in_progress" || context.lost_count > 0;
}
