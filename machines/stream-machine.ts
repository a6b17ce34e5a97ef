import { enqueueActions, type SnapshotFrom, setup } from "xstate";
import { type Autorestart, afterFailure, atRest, restartDelay } from "./autorestart.ts";
import { holdBack } from "./lost-handler.ts";
import type { LifecyclePolicy } from "./policy.ts";
import type { Status } from "./status.ts";
import type { Effect, ReportedError, StreamEvent } from "./stream-event.ts";

/** What the lifecycle remembers of a stream, beside its status. */
export interface StreamContext extends Autorestart {
	version: number;
	/** Counts the takes. */
	run: number;
	/** Who processes it, when it named itself. */
	agent_id: string | null;
	/** A video file in progress cannot be paused. */
	videofile: boolean;
	/** Losses of the handler without a healthy period in between. */
	lost_count: number;
	last_error: ReportedError | null;
}

/** Feedback speaks about the present run when the version is the stream's and no other agent signs it (contract, sections 5 and 6). */
export function isAboutPresentRun(
	stream: Pick<StreamContext, "version" | "agent_id">,
	version: number,
	agent_id: string | null,
): boolean {
	if (version !== stream.version) return false;
	return agent_id === null || stream.agent_id === null || agent_id === stream.agent_id;
}

/** Two errors are the same to an operator when code and description are; the detail may count frames. */
export function sameError(one: ReportedError | null, other: ReportedError | null): boolean {
	if (one === null || other === null) return one === other;
	return one.error_code === other.error_code && one.desc === other.desc;
}

function sameDetail(one: ReportedError | null, other: ReportedError | null): boolean {
	return sameError(one, other) && one?.detail === other?.detail;
}

/**
 * True when in_progress feedback with this error is more than a sign of life, so that the machine must judge it; all other
 * in_progress feedback is telemetry (contract, sections 4 and 6).
 */
export function errorIsNews(stored: ReportedError | null, reported: ReportedError | null | undefined): boolean {
	return reported !== undefined && !sameDetail(stored, reported);
}

/**
 * The lifecycle of a stream (contract, sections 4, 7 and 8): which status follows which, what is recorded, what becomes
 * of the autorestart. A value without effects: what it decides it emits, and whoever runs it makes that true.
 *
 * Its states are the statuses; `deleted` is the end. Events that mean nothing in a state are `ignored` and say so.
 */
export function createStreamMachine(policy: LifecyclePolicy) {
	return setup({
		types: {
			context: {} as StreamContext,
			events: {} as StreamEvent,
			emitted: {} as Effect,
			input: {} as StreamContext,
		},
		guards: {
			presentRun: ({ context, event }) =>
				event.type === "feedback" && isAboutPresentRun(context, event.version, event.agent_id),
			sameTake: ({ context, event }) => event.type === "undelivered" && event.run === context.run,
			asksFor: ({ event }, status: Status) =>
				(event.type === "patch" || event.type === "recreate" || event.type === "feedback") && event.status === status,
			reports: ({ context, event }, status: string) =>
				event.type === "feedback" &&
				event.status === status &&
				isAboutPresentRun(context, event.version, event.agent_id),
			isVideofile: ({ context }) => context.videofile,
			/** Failed, and a restart of its own accord is still to come. */
			awaitsRestart: ({ context }) => context.autorestart_status === "in_progress",
		},
		actions: {
			record: enqueueActions(({ enqueue }, status: Extract<Effect, { type: "record" }>["status"]) => {
				enqueue.emit({ type: "record", status, reported: false });
			}),
			refuse: enqueueActions(({ enqueue }, code: Extract<Effect, { type: "refused" }>["code"]) => {
				enqueue.emit({ type: "refused", code });
			}),
			ignore: enqueueActions(({ enqueue }) => {
				enqueue.emit({ type: "ignored" });
			}),
			handToAgent: enqueueActions(({ context, event, enqueue }) => {
				if (event.type !== "take") return;
				enqueue.assign({ run: context.run + 1, agent_id: event.agent_id });
				enqueue.emit({ type: "report_forgotten", what: "preview" });
				enqueue.emit({ type: "record", status: "in_progress", reported: false });
			}),
			stillInProgress: enqueueActions(({ context, event, enqueue }) => {
				if (event.type !== "feedback") return;
				const error = event.error === undefined ? context.last_error : event.error;
				const news = !sameError(context.last_error, error);
				enqueue.assign({ last_error: error });
				if (news || policy.logFeedback === "all")
					enqueue.emit({ type: "record", status: "in_progress", reported: true });
			}),
			finish: enqueueActions(({ context, event, enqueue }) => {
				if (event.type !== "feedback") return;
				enqueue.assign({
					agent_id: null,
					last_error: event.error === undefined ? context.last_error : event.error,
					autorestart_status: atRest(context.restart),
				});
				enqueue.emit({ type: "record", status: "done", reported: true });
			}),
			fail: enqueueActions(({ context, event, enqueue }) => {
				if (event.type !== "feedback") return;
				// A failure that names no error is judged by the one that stands: what is shown is what decided.
				const error = event.error === undefined ? context.last_error : event.error;
				const status = afterFailure(context, error?.error_code ?? null, policy.fatalErrorCodes);
				enqueue.assign({ agent_id: null, last_error: error, autorestart_status: status });
				enqueue.emit({ type: "record", status: "failure", reported: true });
				if (status === "in_progress")
					enqueue.emit({ type: "restart_in", seconds: restartDelay(context, policy, event.random) });
			}),
			loseHandler: enqueueActions(({ context, event, enqueue }) => {
				// An answer that did not arrive says nothing about the stream, so it does not count against it.
				const lost_count = event.type === "undelivered" ? context.lost_count : context.lost_count + 1;
				const seconds = event.type === "undelivered" ? 0 : holdBack(lost_count, policy.lostLimit);
				const reported = event.type === "feedback";
				enqueue.assign({
					agent_id: null,
					lost_count,
					last_error: reported && event.error !== undefined ? event.error : context.last_error,
				});
				enqueue.emit({ type: "record", status: "handler_lost", reported });
				enqueue.emit({ type: "record", status: "restart", reported: false });
				enqueue.emit({ type: "record", status: "pending", reported: false });
				if (seconds > 0) enqueue.emit({ type: "held_back", seconds });
			}),
			restartByItself: enqueueActions(({ context, enqueue }) => {
				enqueue.assign({ current_attempt: context.current_attempt + 1 });
				enqueue.emit({ type: "attempt" });
				enqueue.emit({ type: "record", status: "restart", reported: false });
				enqueue.emit({ type: "record", status: "pending", reported: false });
			}),
			recover: enqueueActions(({ context, enqueue }) => {
				enqueue.assign({ current_attempt: 0, autorestart_status: atRest(context.restart), lost_count: 0 });
			}),
			/** Pause and cancel: nothing is due any more, the counters stay. */
			disarm: enqueueActions(({ context, event, enqueue }) => {
				if (event.type !== "patch") return;
				enqueue.assign({ agent_id: null, autorestart_status: atRest(context.restart) });
				enqueue.emit({ type: "record", status: event.status, reported: false });
			}),
			startAnew: enqueueActions(({ context, enqueue }) => {
				enqueue.assign({ current_attempt: 0, autorestart_status: atRest(context.restart), lost_count: 0 });
				enqueue.emit({ type: "attempts_forgotten" });
				enqueue.emit({ type: "record", status: "pending", reported: false });
			}),
			/** It is pending already; but an operator who asks for it wants it taken now. */
			release: enqueueActions(({ context, enqueue }) => {
				if (context.lost_count === 0) return;
				enqueue.assign({ lost_count: 0 });
				enqueue.emit({ type: "held_back", seconds: 0 });
			}),
			recreate: enqueueActions(({ context, event, enqueue }) => {
				if (event.type !== "recreate") return;
				enqueue.assign({
					version: context.version + 1,
					agent_id: null,
					videofile: event.videofile,
					restart: event.restart,
					attempt_count: event.attempt_count,
					delay: event.delay,
					current_attempt: 0,
					autorestart_status: atRest(event.restart),
					lost_count: 0,
					last_error: null,
				});
				enqueue.emit({ type: "attempts_forgotten" });
				enqueue.emit({ type: "report_forgotten", what: "all" });
				enqueue.emit({ type: "record", status: "restart", reported: false });
				enqueue.emit({ type: "record", status: event.status, reported: false });
			}),
		},
	}).createMachine({
		id: "stream",
		context: ({ input }) => ({ ...input }),
		initial: "pending",
		on: {
			take: { actions: "ignore" },
			feedback: { actions: "ignore" },
			silent: { actions: "ignore" },
			undelivered: { actions: "ignore" },
			restart_due: { actions: "ignore" },
			healthy: { actions: "ignore" },
			recreate: [
				{ guard: { type: "asksFor", params: "pause" }, target: ".pause", actions: "recreate" },
				{ target: ".pending", actions: "recreate" },
			],
			delete: { target: ".deleted", actions: { type: "record", params: "deleted" } },
		},
		states: {
			pending: {
				on: {
					take: { target: "in_progress", actions: "handToAgent" },
					patch: [
						{ guard: { type: "asksFor", params: "pause" }, target: "pause", actions: "disarm" },
						{ guard: { type: "asksFor", params: "cancel" }, target: "cancel", actions: "disarm" },
						{ actions: "release" },
					],
				},
			},
			in_progress: {
				on: {
					feedback: [
						{ guard: { type: "reports", params: "in_progress" }, actions: "stillInProgress" },
						{ guard: { type: "reports", params: "done" }, target: "done", actions: "finish" },
						{ guard: { type: "reports", params: "failure" }, target: "failure", actions: "fail" },
						{ guard: { type: "reports", params: "handler_lost" }, target: "pending", actions: "loseHandler" },
						{ actions: "ignore" },
					],
					silent: { target: "pending", actions: "loseHandler" },
					undelivered: [{ guard: "sameTake", target: "pending", actions: "loseHandler" }, { actions: "ignore" }],
					healthy: { actions: "recover" },
					patch: [
						{
							guard: { type: "asksFor", params: "pending" },
							actions: { type: "refuse", params: 39004 },
						},
						{ guard: { type: "asksFor", params: "cancel" }, target: "cancel", actions: "disarm" },
						{ guard: "isVideofile", actions: { type: "refuse", params: 39003 } },
						{ target: "pause", actions: "disarm" },
					],
				},
			},
			pause: {
				on: {
					patch: [
						{ guard: { type: "asksFor", params: "pending" }, target: "pending", actions: "startAnew" },
						{ guard: { type: "asksFor", params: "cancel" }, target: "cancel", actions: "disarm" },
					],
				},
			},
			done: {
				on: {
					patch: [
						{ guard: { type: "asksFor", params: "pending" }, target: "pending", actions: "startAnew" },
						{ guard: { type: "asksFor", params: "pause" }, target: "pause", actions: "disarm" },
						{ actions: { type: "refuse", params: 39005 } },
					],
				},
			},
			cancel: {
				on: {
					patch: [
						{ guard: { type: "asksFor", params: "pending" }, target: "pending", actions: "startAnew" },
						{ guard: { type: "asksFor", params: "pause" }, target: "pause", actions: "disarm" },
						{ actions: { type: "refuse", params: 39005 } },
					],
				},
			},
			failure: {
				on: {
					restart_due: [
						{ guard: "awaitsRestart", target: "pending", actions: "restartByItself" },
						{ actions: "ignore" },
					],
					patch: [
						{ guard: { type: "asksFor", params: "pending" }, target: "pending", actions: "startAnew" },
						{ guard: { type: "asksFor", params: "pause" }, target: "pause", actions: "disarm" },
						{ guard: "awaitsRestart", target: "cancel", actions: "disarm" },
						{ actions: { type: "refuse", params: 39005 } },
					],
				},
			},
			deleted: { type: "final" },
		},
	});
}

export type StreamMachine = ReturnType<typeof createStreamMachine>;
export type StreamSnapshot = SnapshotFrom<StreamMachine>;
