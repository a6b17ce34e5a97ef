import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LifecyclePolicy } from "../../machines/policy.ts";
import { STREAM_STATUSES } from "../../machines/status.ts";
import type { Effect, ReportedError, StreamEvent } from "../../machines/stream-event.ts";
import { createStreamMachine, type StreamContext } from "../../machines/stream-machine.ts";
import { endsAt, explainLogPath } from "../support/log-path.ts";
import { createdStream, happen, type ModelStream, nothingSaid, type Said } from "./reference-model.ts";
import { seedFor } from "./seed.ts";
import { StreamUnderTest } from "./stream-under-test.ts";

const WALKS = 1_000;
const STEPS = 50;

/** A step says what to do in terms of the stream as it then is; `eventOf` makes the event of it. */
type Step =
	| { kind: "take"; agent: string | null }
	| {
			kind: "feedback";
			status: string;
			/** Added to the stream's version. */
			off: number;
			sign: "own" | "other" | "none";
			error: ReportedError | null | undefined;
			random: number;
	  }
	| { kind: "undelivered"; off: number }
	| { kind: "plain"; event: StreamEvent };

const error = fc.record({
	error_code: fc.integer({ min: 1, max: 4 }),
	desc: fc.constantFrom("stalled", "unreachable"),
	detail: fc.constantFrom("", "once", "again"),
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const body = fc.record({
	status: fc.constantFrom("pending" as const, "pending" as const, "pause" as const),
	restart: fc.constantFrom(1 as const, 1 as const, 0 as const),
	attempt_count: fc.integer({ min: 1, max: 4 }),
	delay: fc.integer({ min: 1, max: 500 }),
	videofile: fc.boolean(),
});
const feedback = fc.record({
	kind: fc.constant("feedback" as const),
	status: fc.oneof(
		{ weight: 6, arbitrary: fc.constantFrom("in_progress", "failure", "done", "handler_lost", "failure") },
		{ weight: 1, arbitrary: fc.constantFrom("pending", "pause", "restart", "cancel", "not_found", "toString", "") },
	),
	off: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1) }),
	sign: fc.oneof(
		{ weight: 6, arbitrary: fc.constant("own" as const) },
		{ weight: 1, arbitrary: fc.constantFrom("other" as const, "none" as const) },
	),
	error: fc.oneof(fc.constant(undefined), fc.constant(null), error),
	random,
});
const plain = (event: fc.Arbitrary<StreamEvent>) => fc.record({ kind: fc.constant("plain" as const), event });
const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.record({
			kind: fc.constant("take" as const),
			agent: fc.constantFrom("agent-a", "agent-b", null),
		}),
	},
	{ weight: 10, arbitrary: feedback },
	{ weight: 4, arbitrary: plain(fc.constantFrom<StreamEvent>({ type: "restart_due" })) },
	{ weight: 2, arbitrary: plain(fc.constantFrom<StreamEvent>({ type: "silent" }, { type: "healthy" })) },
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constant("undelivered" as const), off: fc.constantFrom(0, 0, -1, 1) }),
	},
	{
		weight: 4,
		arbitrary: plain(
			fc.record({
				type: fc.constant("patch" as const),
				status: fc.constantFrom("pending" as const, "pending" as const, "pause" as const, "cancel" as const),
			}),
		),
	},
	{ weight: 1, arbitrary: plain(body.map((written) => ({ type: "recreate" as const, ...written }))) },
);
const policy: fc.Arbitrary<LifecyclePolicy> = fc.record({
	backoffFactor: fc.constantFrom(1, 1.5, 2, 10),
	jitter: fc.constantFrom(0, 0.1, 1),
	maxDelay: fc.constantFrom(0, 60, 3_600),
	fatalErrorCodes: fc.constantFrom([], [4], [3, 4]).map((codes) => new Set(codes)),
	lostLimit: fc.integer({ min: 0, max: 3 }),
	logFeedback: fc.constantFrom("changes" as const, "all" as const),
});
const walk = fc.record({
	policy,
	created: body,
	steps: fc.array(step, { minLength: STEPS, maxLength: STEPS }),
	/** Before each so-manieth step the actor is let go and made again from its status and context, as if from a row. */
	reload: fc.integer({ min: 3, max: 60 }),
	/** Some walks end with the stream's deletion. */
	deleted: fc.boolean(),
});
type Walk = typeof walk extends fc.Arbitrary<infer W> ? W : never;

function eventOf(what: Step, stream: ModelStream): StreamEvent {
	if (what.kind === "plain") return what.event;
	if (what.kind === "take") return { type: "take", agent_id: what.agent };
	if (what.kind === "undelivered") return { type: "undelivered", run: stream.run + what.off };
	return {
		type: "feedback",
		version: stream.version + what.off,
		status: what.status,
		agent_id: what.sign === "none" ? null : what.sign === "own" ? stream.agent_id : "agent-x",
		error: what.error,
		random: what.random,
	};
}

/** The machine's effects in the model's words; the same kind said twice is no word of the model. */
function heard(effects: readonly Effect[]): Said {
	const said = nothingSaid();
	for (const effect of effects) {
		if (effect.type === "record") said.records.push({ status: effect.status, reported: effect.reported });
		else if (effect.type === "refused") said.refused = once(said.refused, null, effect.code);
		else if (effect.type === "ignored") said.ignored = once(said.ignored, false, true);
		else if (effect.type === "restart_in") said.restart_in = once(said.restart_in, null, effect.seconds);
		else if (effect.type === "held_back") said.held_back = once(said.held_back, null, effect.seconds);
		else if (effect.type === "attempt") said.attempt = once(said.attempt, false, true);
		else if (effect.type === "attempts_forgotten") said.attempts_forgotten = once(said.attempts_forgotten, false, true);
		else said.report_forgotten = once(said.report_forgotten, null, effect.what);
	}
	return said;
}

function once<T>(before: T, unsaid: T, value: T): T {
	if (before !== unsaid) expect.fail(`said twice: ${before}, ${value}`);
	return value;
}

function contextOf(model: ModelStream): StreamContext {
	const { status: _, ...context } = model;
	return context;
}

interface Tally {
	steps: number;
	applied: Map<string, number>;
	refused: Map<number, number>;
	autorestart: Set<string>;
}

function runWalk(plan: Walk, tally: Tally): void {
	const machine = createStreamMachine(plan.policy);
	let model = createdStream(plan.created);
	const log: string[] = [plan.created.status];
	let stream = new StreamUnderTest(machine, plan.created.status, contextOf(model));
	const steps: Step[] = plan.deleted ? [...plan.steps, { kind: "plain", event: { type: "delete" } }] : plan.steps;
	for (const [index, what] of steps.entries()) {
		if (index % plan.reload === plan.reload - 1 && stream.status !== "deleted") {
			const { status, context } = stream;
			stream.stop();
			stream = new StreamUnderTest(machine, status, context);
		}
		const before = model;
		const event = eventOf(what, before);
		const expected = happen(before, event, plan.policy);
		model = expected.stream;
		const said = heard(stream.send(event));
		const where = () => `step ${index}: ${JSON.stringify(before)} ← ${JSON.stringify(event)}`;

		same({ status: stream.status, ...stream.context }, { ...model }, where);
		// The model reckons the delay in another way, so the last bits may differ.
		const off = Math.abs((said.restart_in ?? 0) - (expected.said.restart_in ?? 0));
		must(off <= 1e-9 * (expected.said.restart_in ?? 0), "restart_in", where);
		same({ ...said, restart_in: null }, { ...expected.said, restart_in: null }, where);
		checkInvariants(before, event, stream, said, where);
		log.push(...said.records.map((record) => record.status));

		tally.steps += 1;
		if (said.refused !== null) tally.refused.set(said.refused, (tally.refused.get(said.refused) ?? 0) + 1);
		if (!said.ignored && said.refused === null) {
			const edge = `${before.status} → ${model.status}`;
			tally.applied.set(edge, (tally.applied.get(edge) ?? 0) + 1);
		}
		tally.autorestart.add(`${model.status} ${model.autorestart_status}`);
	}
	expect(explainLogPath(log)).toBeNull();
	expect(endsAt(log)).toBe(stream.status);
	stream.stop();
}

/** What holds whatever the model says. */
function checkInvariants(
	before: ModelStream,
	event: StreamEvent,
	stream: StreamUnderTest,
	said: Said,
	where: () => string,
): void {
	const { status, context } = stream;
	const autorestart = context.autorestart_status;
	const hold = (condition: boolean, sentence: string) => must(condition, sentence, where);
	const onlyIn = (...statuses: string[]) => statuses.includes(status) || status === "deleted";

	hold(context.current_attempt >= 0 && context.current_attempt <= context.attempt_count, "attempts are bounded");
	hold((autorestart === "disabled") === (context.restart === 0), "restart 0 always reads disabled");
	if (autorestart === "denied" || autorestart === "failed") hold(onlyIn("failure"), "given up only in failure");
	if (autorestart === "in_progress") {
		hold(onlyIn("failure", "pending", "in_progress"), "an attempt is due or running, or on its way");
	}
	if (context.agent_id !== null) hold(onlyIn("in_progress"), "the agent is kept while in progress");
	hold(context.version === before.version + (event.type === "recreate" ? 1 : 0), "PUT alone adds one to the version");
	const taken = before.status === "pending" && event.type === "take";
	hold(context.run === before.run + (taken ? 1 : 0), "a take begins a run");
	if (event.type === "recreate") hold(status === event.status, "PUT ends in the status of its body");
	if (event.type === "patch" && said.refused === null) hold(status === event.status, "PATCH does what it answers");
	if (status !== before.status) hold(said.records.at(-1)?.status === status, "a new status is the newest record");
	if (said.refused !== null || said.ignored) {
		same({ status, ...context }, { ...before }, where);
		hold(said.records.length === 0, "what is refused or ignored leaves no record");
	}
	if (said.restart_in !== null) {
		hold(status === "failure" && autorestart === "in_progress", "only a failure that restarts has a due time");
		hold(said.restart_in >= context.delay, "a delay is not shortened");
	}
	if (said.held_back !== null) hold(status === "pending", "only a pending stream is held back");
	if (event.type !== "feedback") {
		hold(!said.records.some((record) => record.reported), "only records of feedback show what was reported");
	}
}

/** As `expect` would, at a hundredth of its cost: there are millions of these. */
function must(condition: boolean, sentence: string, where: () => string): void {
	if (!condition) expect.fail(`${sentence}: ${where()}`);
}

function same(actual: object, expected: object, where: () => string): void {
	if (!isDeepStrictEqual(actual, expected)) expect(actual, where()).toEqual(expected);
}

describe("walks over the lifecycle", () => {
	it(`${WALKS} walks of ${STEPS} steps agree with a model written from the contract`, () => {
		const seed = seedFor("walks");
		const tally: Tally = { steps: 0, applied: new Map(), refused: new Map(), autorestart: new Set() };
		fc.assert(
			fc.property(walk, (plan) => runWalk(plan, tally)),
			{ seed, numRuns: WALKS },
		);
		expect(tally.steps).toBeGreaterThanOrEqual(WALKS * STEPS);
		console.log(`walks: ${tally.steps} steps, ${tally.applied.size} kinds of edges, refusals`, tally.refused);
		// The walks went everywhere: a walk that stays at home proves nothing.
		const reached = new Set([...tally.applied.keys()].map((edge) => edge.split(" → ")[1]));
		expect([...reached].sort()).toEqual([...STREAM_STATUSES, "deleted"].sort());
		expect([...tally.refused.keys()].sort()).toEqual([39003, 39004, 39005]);
		for (const autorestart of ["disabled", "in_progress", "failed", "denied"]) {
			expect([...tally.autorestart]).toContain(`failure ${autorestart}`);
		}
	});
});
