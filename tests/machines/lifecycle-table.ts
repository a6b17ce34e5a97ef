import type { LifecyclePolicy } from "../../machines/policy.ts";
import type { Status } from "../../machines/status.ts";
import type { ReportedError, StreamEvent } from "../../machines/stream-event.ts";
import type { StreamContext } from "../../machines/stream-machine.ts";
import {
	FATAL,
	isOutcome,
	OUTCOMES,
	type Outcome,
	STALLED,
	STALLED_AGAIN,
	STALLED_LONGER,
	UNREACHABLE,
} from "./lifecycle-outcomes.ts";

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
	"feedback in_progress, new description": report("in_progress", { error: STALLED_AGAIN }),
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

/**
 * The table. A column per stream, in the order of STREAMS:
 * pending · restarted · held back | in_progress with an error · videofile, agent unnamed · restarted, often lost · attempts
 * used · no autorestart | pause · done · cancel | failure without autorestart · awaiting · denied · attempts used.
 */
const TABLE = `
                                      | pending           | in_progress                        | at rest           | failure
take                                  | taken taken taken | .      .      .      .      .      | .     .     .     | .      .     .     .
take, unsigned                        | unnam unnam unnam | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback in_progress                  | .     .     .     | =      =      =      =      =      | .     .     .     | .      .     .     .
feedback in_progress, unsigned        | .     .     .     | =      =      =      =      =      | .     .     .     | .      .     .     .
feedback in_progress, new error       | .     .     .     | news   news   news   news   news   | .     .     .     | .      .     .     .
feedback in_progress, new description | .     .     .     | newsD  newsD  newsD  newsD  newsD  | .     .     .     | .      .     .     .
feedback in_progress, new detail      | .     .     .     | detail newsL  newsL  newsL  newsL  | .     .     .     | .      .     .     .
feedback in_progress, error null      | .     .     .     | clear  =      =      =      =      | .     .     .     | .      .     .     .
feedback done                         | .     .     .     | done   done   done   done   done0  | .     .     .     | .      .     .     .
feedback done, unsigned               | .     .     .     | done   done   done   done   done0  | .     .     .     | .      .     .     .
feedback done, error                  | .     .     .     | doneE  doneE  doneE  doneE  doneE0 | .     .     .     | .      .     .     .
feedback failure                      | .     .     .     | in75   in75   in125  used   fail0  | .     .     .     | .      .     .     .
feedback failure, error               | .     .     .     | in75E  in75E  in125E usedE  failE0 | .     .     .     | .      .     .     .
feedback failure, fatal               | .     .     .     | denied denied denied denied deny0  | .     .     .     | .      .     .     .
feedback handler_lost                 | .     .     .     | back   back   backH  back   back   | .     .     .     | .      .     .     .
feedback handler_lost, error          | .     .     .     | backE  backE  backEH backE  backE  | .     .     .     | .      .     .     .
feedback pending                      | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback pause                        | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback cancel                       | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback restart                      | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback not_found                    | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback deleted                      | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback of an unknown word           | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback of no word                   | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback in_progress, older version   | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback done, newer version          | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback failure, older version       | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback handler_lost, older version  | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
feedback in_progress, foreign agent   | .     .     .     | .      news   .      .      .      | .     .     .     | .      .     .     .
feedback done, foreign agent          | .     .     .     | .      done   .      .      .      | .     .     .     | .      .     .     .
feedback failure, foreign agent       | .     .     .     | .      in75   .      .      .      | .     .     .     | .      .     .     .
feedback handler_lost, foreign agent  | .     .     .     | .      back   .      .      .      | .     .     .     | .      .     .     .
silent                                | .     .     .     | lost   lost   lostH  lost   lost   | .     .     .     | .      .     .     .
undelivered                           | .     .     .     | undel  undel  undel  undel  undel  | .     .     .     | .      .     .     .
undelivered, earlier run              | .     .     .     | .      .      .      .      .      | .     .     .     | .      .     .     .
restart_due                           | .     .     .     | .      .      .      .      .      | .     .     .     | .      again .     .
healthy                               | .     .     .     | well   well   well   well   =      | .     .     .     | .      .     .     .
patch pending                         | =     =     freed | x04    x04    x04    x04    x04    | anew  anew  anew  | anew0  anew  anew  anew
patch pause                           | pause pause pause | pause  x03    pause  pause  pause0 | =     pause pause | pause0 pause pause pause
patch cancel                          | cancl cancl cancl | cancl  cancl  cancl  cancl  cancl0 | cancl x05   x05   | x05    cancl x05   x05
recreate pending                      | putP  putP  putP  | putP   putP   putP   putP   putP   | putP  putP  putP  | putP   putP  putP  putP
recreate pause                        | putS  putS  putS  | putS   putS   putS   putS   putS   | putS  putS  putS  | putS   putS  putS  putS
delete                                | gone  gone  gone  | gone   gone   gone   gone   gone   | gone  gone  gone  | gone   gone  gone  gone
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
