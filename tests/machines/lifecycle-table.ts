import type { LifecyclePolicy } from "../../machines/policy.ts";
import type { Status } from "../../machines/status.ts";
import type { Effect, ReportedError, StreamEvent } from "../../machines/stream-event.ts";
import type { StreamContext } from "../../machines/stream-machine.ts";

/**
 * The lifecycle as one table of literals: what each event does to a stream in each status and each variant of it that
 * the contract tells apart. The rows are events, the columns are streams, a cell names an outcome.
 */

/** The policy under which the figures of the outcomes hold. */
export const TABLE_POLICY: LifecyclePolicy = {
	backoffFactor: 2,
	jitter: 0.5,
	maxDelay: 100,
	fatalErrorCodes: new Set([7]),
	lostLimit: 2,
	logFeedback: "changes",
};

const STALLED: ReportedError = { error_code: 1, desc: "stalled", detail: "3 frames" };
const STALLED_LONGER: ReportedError = { error_code: 1, desc: "stalled", detail: "9 frames" };
const UNREACHABLE: ReportedError = { error_code: 2, desc: "unreachable", detail: "" };
const FATAL: ReportedError = { error_code: 7, desc: "no such file", detail: "" };

const RESTING: StreamContext = {
	version: 4,
	run: 3,
	agent_id: null,
	videofile: false,
	lost_count: 0,
	last_error: null,
	restart: 1,
	attempt_count: 2,
	delay: 60,
	current_attempt: 0,
	autorestart_status: "enabled",
};
const RUNNING: StreamContext = { ...RESTING, agent_id: "agent-a" };

/** The columns. */
export const STREAMS = {
	pending: { status: "pending", context: RESTING },
	"pending, restarted": {
		status: "pending",
		context: { ...RESTING, current_attempt: 1, autorestart_status: "in_progress" },
	},
	"pending, held back": { status: "pending", context: { ...RESTING, lost_count: 3 } },
	"in_progress with an error": { status: "in_progress", context: { ...RUNNING, last_error: STALLED } },
	"in_progress, videofile, agent unnamed": {
		status: "in_progress",
		context: { ...RUNNING, videofile: true, agent_id: null },
	},
	"in_progress, restarted, often lost": {
		status: "in_progress",
		context: { ...RUNNING, current_attempt: 1, autorestart_status: "in_progress", lost_count: 2 },
	},
	"in_progress, attempts used": {
		status: "in_progress",
		context: { ...RUNNING, current_attempt: 2, autorestart_status: "in_progress" },
	},
	"in_progress, no autorestart": {
		status: "in_progress",
		context: { ...RUNNING, restart: 0, autorestart_status: "disabled" },
	},
	pause: { status: "pause", context: RESTING },
	done: { status: "done", context: RESTING },
	cancel: { status: "cancel", context: RESTING },
	"failure, no autorestart": {
		status: "failure",
		context: { ...RESTING, restart: 0, autorestart_status: "disabled", last_error: UNREACHABLE },
	},
	"failure awaiting its restart": {
		status: "failure",
		context: { ...RESTING, current_attempt: 1, autorestart_status: "in_progress", last_error: UNREACHABLE },
	},
	"failure, denied": { status: "failure", context: { ...RESTING, autorestart_status: "denied", last_error: FATAL } },
	"failure, attempts used": {
		status: "failure",
		context: { ...RESTING, current_attempt: 2, autorestart_status: "failed", last_error: UNREACHABLE },
	},
} as const satisfies Record<string, { status: Status; context: StreamContext }>;
export type StreamName = keyof typeof STREAMS;

/** Feedback of the agent that took the stream, about the present version, unless told otherwise. */
function report(
	status: string,
	told: { error?: ReportedError | null; agent_id?: string | null; version?: number } = {},
): Extract<StreamEvent, { type: "feedback" }> {
	const { error, agent_id = "agent-a", version = 4 } = told;
	return { type: "feedback", status, version, agent_id, error, random: 0.5 };
}

/** The rows. */
export const EVENTS = {
	take: { type: "take", agent_id: "agent-b" },
	"take, unsigned": { type: "take", agent_id: null },
	"feedback in_progress": report("in_progress"),
	"feedback in_progress, unsigned": report("in_progress", { agent_id: null }),
	"feedback in_progress, new error": report("in_progress", { error: UNREACHABLE }),
	"feedback in_progress, new detail": report("in_progress", { error: STALLED_LONGER }),
	"feedback in_progress, error null": report("in_progress", { error: null }),
	"feedback done": report("done"),
	"feedback done, unsigned": report("done", { agent_id: null }),
	"feedback done, error": report("done", { error: UNREACHABLE }),
	"feedback failure": report("failure"),
	"feedback failure, error": report("failure", { error: UNREACHABLE }),
	"feedback failure, fatal": report("failure", { error: FATAL }),
	"feedback handler_lost": report("handler_lost"),
	"feedback handler_lost, error": report("handler_lost", { error: UNREACHABLE }),
	"feedback pending": report("pending"),
	"feedback pause": report("pause"),
	"feedback cancel": report("cancel"),
	"feedback restart": report("restart"),
	"feedback not_found": report("not_found"),
	"feedback deleted": report("deleted"),
	"feedback of an unknown word": report("constructor"),
	"feedback of no word": report(""),
	"feedback in_progress, older version": report("in_progress", { version: 3, error: UNREACHABLE }),
	"feedback done, newer version": report("done", { version: 5 }),
	"feedback failure, older version": report("failure", { version: 3 }),
	"feedback handler_lost, older version": report("handler_lost", { version: 3 }),
	"feedback in_progress, foreign agent": report("in_progress", { agent_id: "agent-c", error: UNREACHABLE }),
	"feedback done, foreign agent": report("done", { agent_id: "agent-c" }),
	"feedback failure, foreign agent": report("failure", { agent_id: "agent-c" }),
	"feedback handler_lost, foreign agent": report("handler_lost", { agent_id: "agent-c" }),
	silent: { type: "silent" },
	undelivered: { type: "undelivered", run: 3 },
	"undelivered, earlier run": { type: "undelivered", run: 2 },
	restart_due: { type: "restart_due" },
	healthy: { type: "healthy" },
	"patch pending": { type: "patch", status: "pending" },
	"patch pause": { type: "patch", status: "pause" },
	"patch cancel": { type: "patch", status: "cancel" },
	"recreate pending": {
		type: "recreate",
		status: "pending",
		restart: 0,
		attempt_count: 5,
		delay: 7,
		videofile: true,
	},
	"recreate pause": { type: "recreate", status: "pause", restart: 1, attempt_count: 1, delay: 9, videofile: false },
	delete: { type: "delete" },
} as const satisfies Record<string, StreamEvent>;
export type EventName = keyof typeof EVENTS;

export interface Outcome {
	/** `same`: the status does not change. */
	to: Status | "deleted" | "same";
	/** In the order in which they are said. */
	effects: Effect[];
	/** Members of the context that read so afterwards; all others stay. */
	context: Partial<StreamContext>;
}

function record(status: Extract<Effect, { type: "record" }>["status"]): Effect {
	return { type: "record", status, reported: false };
}
function reported(status: Extract<Effect, { type: "record" }>["status"]): Effect {
	return { type: "record", status, reported: true };
}
const FORGOTTEN: Effect = { type: "attempts_forgotten" };
const UNREPORTED: Effect = { type: "report_forgotten", what: "all" };
const LOST: Effect[] = [record("handler_lost"), record("restart"), record("pending")];
const GIVEN_BACK: Effect[] = [reported("handler_lost"), record("restart"), record("pending")];

/** What a cell may name. A trailing 0 is the outcome of a stream without autorestart. */
export const OUTCOMES = {
	".": { to: "same", effects: [{ type: "ignored" }], context: {} },
	"=": { to: "same", effects: [], context: {} },
	x03: { to: "same", effects: [{ type: "refused", code: 39003 }], context: {} },
	x04: { to: "same", effects: [{ type: "refused", code: 39004 }], context: {} },
	x05: { to: "same", effects: [{ type: "refused", code: 39005 }], context: {} },
	taken: {
		to: "in_progress",
		effects: [{ type: "report_forgotten", what: "preview" }, record("in_progress")],
		context: { run: 4, agent_id: "agent-b" },
	},
	unnam: {
		to: "in_progress",
		effects: [{ type: "report_forgotten", what: "preview" }, record("in_progress")],
		context: { run: 4, agent_id: null },
	},
	news: { to: "same", effects: [reported("in_progress")], context: { last_error: UNREACHABLE } },
	newsL: { to: "same", effects: [reported("in_progress")], context: { last_error: STALLED_LONGER } },
	detail: { to: "same", effects: [], context: { last_error: STALLED_LONGER } },
	clear: { to: "same", effects: [reported("in_progress")], context: { last_error: null } },
	done: { to: "done", effects: [reported("done")], context: { agent_id: null, autorestart_status: "enabled" } },
	done0: { to: "done", effects: [reported("done")], context: { agent_id: null, autorestart_status: "disabled" } },
	doneE: {
		to: "done",
		effects: [reported("done")],
		context: { agent_id: null, autorestart_status: "enabled", last_error: UNREACHABLE },
	},
	doneE0: {
		to: "done",
		effects: [reported("done")],
		context: { agent_id: null, autorestart_status: "disabled", last_error: UNREACHABLE },
	},
	// 60 s × 2^0, and half of half of it on top.
	in75: {
		to: "failure",
		effects: [reported("failure"), { type: "restart_in", seconds: 75 }],
		context: { agent_id: null, autorestart_status: "in_progress" },
	},
	in75E: {
		to: "failure",
		effects: [reported("failure"), { type: "restart_in", seconds: 75 }],
		context: { agent_id: null, autorestart_status: "in_progress", last_error: UNREACHABLE },
	},
	// 60 s × 2^1 is cut to 100 s, and lengthened after that.
	in125: {
		to: "failure",
		effects: [reported("failure"), { type: "restart_in", seconds: 125 }],
		context: { agent_id: null, autorestart_status: "in_progress" },
	},
	in125E: {
		to: "failure",
		effects: [reported("failure"), { type: "restart_in", seconds: 125 }],
		context: { agent_id: null, autorestart_status: "in_progress", last_error: UNREACHABLE },
	},
	used: { to: "failure", effects: [reported("failure")], context: { agent_id: null, autorestart_status: "failed" } },
	usedE: {
		to: "failure",
		effects: [reported("failure")],
		context: { agent_id: null, autorestart_status: "failed", last_error: UNREACHABLE },
	},
	fail0: { to: "failure", effects: [reported("failure")], context: { agent_id: null, autorestart_status: "disabled" } },
	failE0: {
		to: "failure",
		effects: [reported("failure")],
		context: { agent_id: null, autorestart_status: "disabled", last_error: UNREACHABLE },
	},
	denied: {
		to: "failure",
		effects: [reported("failure")],
		context: { agent_id: null, autorestart_status: "denied", last_error: FATAL },
	},
	deny0: {
		to: "failure",
		effects: [reported("failure")],
		context: { agent_id: null, autorestart_status: "disabled", last_error: FATAL },
	},
	back: { to: "pending", effects: GIVEN_BACK, context: { agent_id: null, lost_count: 1 } },
	backH: {
		to: "pending",
		effects: [...GIVEN_BACK, { type: "held_back", seconds: 1 }],
		context: { agent_id: null, lost_count: 3 },
	},
	backE: {
		to: "pending",
		effects: GIVEN_BACK,
		context: { agent_id: null, lost_count: 1, last_error: UNREACHABLE },
	},
	backEH: {
		to: "pending",
		effects: [...GIVEN_BACK, { type: "held_back", seconds: 1 }],
		context: { agent_id: null, lost_count: 3, last_error: UNREACHABLE },
	},
	lost: { to: "pending", effects: LOST, context: { agent_id: null, lost_count: 1 } },
	lostH: {
		to: "pending",
		effects: [...LOST, { type: "held_back", seconds: 1 }],
		context: { agent_id: null, lost_count: 3 },
	},
	undel: { to: "pending", effects: LOST, context: { agent_id: null } },
	again: {
		to: "pending",
		effects: [{ type: "attempt" }, record("restart"), record("pending")],
		context: { current_attempt: 2 },
	},
	well: { to: "same", effects: [], context: { current_attempt: 0, lost_count: 0, autorestart_status: "enabled" } },
	freed: { to: "same", effects: [{ type: "held_back", seconds: 0 }], context: { lost_count: 0 } },
	anew: {
		to: "pending",
		effects: [FORGOTTEN, record("pending")],
		context: { current_attempt: 0, lost_count: 0, autorestart_status: "enabled" },
	},
	anew0: {
		to: "pending",
		effects: [FORGOTTEN, record("pending")],
		context: { current_attempt: 0, lost_count: 0, autorestart_status: "disabled" },
	},
	pause: { to: "pause", effects: [record("pause")], context: { agent_id: null, autorestart_status: "enabled" } },
	pause0: { to: "pause", effects: [record("pause")], context: { agent_id: null, autorestart_status: "disabled" } },
	cancl: { to: "cancel", effects: [record("cancel")], context: { agent_id: null, autorestart_status: "enabled" } },
	cancl0: { to: "cancel", effects: [record("cancel")], context: { agent_id: null, autorestart_status: "disabled" } },
	putP: {
		to: "pending",
		effects: [FORGOTTEN, UNREPORTED, record("restart"), record("pending")],
		context: {
			version: 5,
			agent_id: null,
			videofile: true,
			lost_count: 0,
			last_error: null,
			restart: 0,
			attempt_count: 5,
			delay: 7,
			current_attempt: 0,
			autorestart_status: "disabled",
		},
	},
	putS: {
		to: "pause",
		effects: [FORGOTTEN, UNREPORTED, record("restart"), record("pause")],
		context: {
			version: 5,
			agent_id: null,
			videofile: false,
			lost_count: 0,
			last_error: null,
			restart: 1,
			attempt_count: 1,
			delay: 9,
			current_attempt: 0,
			autorestart_status: "enabled",
		},
	},
	gone: { to: "deleted", effects: [record("deleted")], context: {} },
} as const satisfies Record<string, Outcome>;

/**
 * The table. A column per stream, in the order of STREAMS:
 * pending · restarted · held back | in_progress with an error · videofile, agent unnamed · restarted, often lost · attempts
 * used · no autorestart | pause · done · cancel | failure without autorestart · awaiting · denied · attempts used.
 */
const TABLE = `
                                     | pending           | in_progress                        | at rest           | failure
take                                 | taken taken taken | .      .      .      .      .      | .     .     .     | .      .     .     .
take, unsigned                       | unnam unnam unnam | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback in_progress                 | .     .     .     | =      =      =      =      =      | .     .     .     | .      .     .     .
feedback in_progress, unsigned       | .     .     .     | =      =      =      =      =      | .     .     .     | .      .     .     .
feedback in_progress, new error      | .     .     .     | news   news   news   news   news   | .     .     .     | .      .     .     .
feedback in_progress, new detail     | .     .     .     | detail newsL  newsL  newsL  newsL  | .     .     .     | .      .     .     .
feedback in_progress, error null     | .     .     .     | clear  =      =      =      =      | .     .     .     | .      .     .     .
feedback done                        | .     .     .     | done   done   done   done   done0  | .     .     .     | .      .     .     .
feedback done, unsigned              | .     .     .     | done   done   done   done   done0  | .     .     .     | .      .     .     .
feedback done, error                 | .     .     .     | doneE  doneE  doneE  doneE  doneE0 | .     .     .     | .      .     .     .
feedback failure                     | .     .     .     | in75   in75   in125  used   fail0  | .     .     .     | .      .     .     .
feedback failure, error              | .     .     .     | in75E  in75E  in125E usedE  failE0 | .     .     .     | .      .     .     .
feedback failure, fatal              | .     .     .     | denied denied denied denied deny0  | .     .     .     | .      .     .     .
feedback handler_lost                | .     .     .     | back   back   backH  back   back   | .     .     .     | .      .     .     .
feedback handler_lost, error         | .     .     .     | backE  backE  backEH backE  backE  | .     .     .     | .      .     .     .
feedback pending                     | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback pause                       | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback cancel                      | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback restart                     | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback not_found                   | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback deleted                     | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback of an unknown word          | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback of no word                  | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback in_progress, older version  | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback done, newer version         | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback failure, older version      | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback handler_lost, older version | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback in_progress, foreign agent  | .     .     .     | .      news   .      .      .      | .     .     .     | .      .     .     .
feedback done, foreign agent         | .     .     .     | .      done   .      .      .      | .     .     .     | .      .     .     .
feedback failure, foreign agent      | .     .     .     | .      in75   .      .      .      | .     .     .     | .      .     .     .
feedback handler_lost, foreign agent | .     .     .     | .      back   .      .      .      | .     .     .     | .      .     .     .
silent                               | .     .     .     | lost   lost   lostH  lost   lost   | .     .     .     | .      .     .     .
undelivered                          | .     .     .     | undel  undel  undel  undel  undel  | .     .     .     | .      .     .     .
undelivered, earlier run             | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
restart_due                          | .     .     .     | .      .      .      .      .      | .     .     .     | .      again .     .
healthy                              | .     .     .     | well   well   well   well   =      | .     .     .     | .      .     .     .
patch pending                        | =     =     freed | x04    x04    x04    x04    x04    | anew  anew  anew  | anew0  anew  anew  anew
patch pause                          | pause pause pause | pause  x03    pause  pause  pause0 | =     pause pause | pause0 pause pause pause
patch cancel                         | cancl cancl cancl | cancl  cancl  cancl  cancl  cancl0 | cancl x05   x05   | x05    cancl x05   x05
recreate pending                     | putP  putP  putP  | putP   putP   putP   putP   putP   | putP  putP  putP  | putP   putP  putP  putP
recreate pause                       | putS  putS  putS  | putS   putS   putS   putS   putS   | putS  putS  putS  | putS   putS  putS  putS
delete                               | gone  gone  gone  | gone   gone   gone   gone   gone   | gone  gone  gone  | gone   gone  gone  gone
`;

/** The table, read: of each event the outcome names, in the order of STREAMS. */
export const ROWS: ReadonlyMap<string, string[]> = new Map(
	TABLE.split("\n")
		.slice(2, -1)
		.map((line) => {
			const [event = "", ...groups] = line.split("|");
			return [event.trim(), groups.join(" ").trim().split(/\s+/)];
		}),
);

/** The outcome that the table names for this event and this stream. */
export function outcomeOf(event: EventName, stream: StreamName): Outcome & { name: string } {
	const name = ROWS.get(event)?.[Object.keys(STREAMS).indexOf(stream)];
	if (name === undefined || !isOutcome(name)) throw new Error(`the table has no outcome of ${event} for ${stream}`);
	return { name, ...OUTCOMES[name] };
}

export function isOutcome(name: string): name is keyof typeof OUTCOMES {
	return Object.hasOwn(OUTCOMES, name);
}
