import type { Status } from "../../machines/status.ts";
import type { Effect, ReportedError } from "../../machines/stream-event.ts";
import type { StreamContext } from "../../machines/stream-machine.ts";

export const STALLED: ReportedError = { error_code: 1, desc: "stalled", detail: "3 frames" };
export const STALLED_AGAIN: ReportedError = { error_code: 1, desc: "stalled again", detail: "3 frames" };
export const STALLED_LONGER: ReportedError = { error_code: 1, desc: "stalled", detail: "9 frames" };
export const UNREACHABLE: ReportedError = { error_code: 2, desc: "unreachable", detail: "" };
export const FATAL: ReportedError = { error_code: 7, desc: "no such file", detail: "" };

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
	newsD: { to: "same", effects: [reported("in_progress")], context: { last_error: STALLED_AGAIN } },
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

export function isOutcome(name: string): name is keyof typeof OUTCOMES {
	return Object.hasOwn(OUTCOMES, name);
}
