import type { LifecyclePolicy } from "../../machines/policy.ts";
import type { Recorded, Status } from "../../machines/status.ts";
import type { ReportedError, StreamEvent } from "../../machines/stream-event.ts";

/**
 * The lifecycle once more, written from the sentences of the contract (sections 4 to 8) and not from the machine: plain
 * conditions over plain values, one function a sentence. The walks hold the two against each other.
 */
export interface ModelStream {
	status: Status | "deleted";
	version: number;
	run: number;
	agent_id: string | null;
	videofile: boolean;
	lost_count: number;
	last_error: ReportedError | null;
	restart: 0 | 1;
	attempt_count: number;
	delay: number;
	current_attempt: number;
	autorestart_status: "disabled" | "enabled" | "in_progress" | "failed" | "denied";
}

/** What one event made the model say. Kinds are apart, since the contract orders records and nothing else. */
export interface Said {
	records: { status: Recorded; reported: boolean }[];
	refused: 39003 | 39004 | 39005 | null;
	ignored: boolean;
	/** Seconds. */
	restart_in: number | null;
	/** Seconds. */
	held_back: number | null;
	attempt: boolean;
	attempts_forgotten: boolean;
	report_forgotten: "all" | "preview" | null;
}

export function nothingSaid(): Said {
	return {
		records: [],
		refused: null,
		ignored: false,
		restart_in: null,
		held_back: null,
		attempt: false,
		attempts_forgotten: false,
		report_forgotten: null,
	};
}

/** Section 4, "created": a new stream of version 1 whose log holds its first status. */
export function createdStream(body: {
	status: "pending" | "pause";
	restart: 0 | 1;
	attempt_count: number;
	delay: number;
	videofile: boolean;
}): ModelStream {
	return {
		...body,
		version: 1,
		run: 0,
		agent_id: null,
		lost_count: 0,
		last_error: null,
		current_attempt: 0,
		autorestart_status: body.restart === 1 ? "enabled" : "disabled",
	};
}

/** What the contract says of `event` happening to `stream`; neither argument is changed. */
export function happen(
	stream: ModelStream,
	event: StreamEvent,
	policy: LifecyclePolicy,
): { stream: ModelStream; said: Said } {
	const next = { ...stream };
	const said = nothingSaid();
	switch (event.type) {
		case "take":
			take(next, event.agent_id, said);
			break;
		case "feedback":
			feedback(next, event, policy, said);
			break;
		case "silent":
			// "A done or failed stream is never touched by this."
			if (next.status === "in_progress") loseHandler(next, false, policy, said);
			else said.ignored = true;
			break;
		case "undelivered":
			undelivered(next, event.run, said);
			break;
		case "restart_due":
			restartDue(next, said);
			break;
		case "healthy":
			healthy(next, said);
			break;
		case "patch":
			patch(next, event.status, said);
			break;
		case "recreate":
			recreate(next, event, said);
			break;
		case "delete":
			next.status = "deleted";
			said.records.push({ status: "deleted", reported: false });
			break;
	}
	return { stream: next, said };
}

/** "pending, taken from the queue: in_progress"; "a take clears preview"; the agent "is kept with the stream while in progress". */
function take(stream: ModelStream, agent_id: string | null, said: Said): void {
	if (stream.status !== "pending") {
		said.ignored = true;
		return;
	}
	enter(stream, "in_progress", said);
	stream.agent_id = agent_id;
	stream.run += 1;
	said.report_forgotten = "preview";
}

function feedback(
	stream: ModelStream,
	event: Extract<StreamEvent, { type: "feedback" }>,
	policy: LifecyclePolicy,
	said: Said,
): void {
	// "unmodified: the version is not the stream's, or the stream is not in progress".
	const applies =
		stream.status === "in_progress" &&
		event.version === stream.version &&
		// "feedback under another Agent-Id than the one that took the stream is unmodified"; "without the header nothing changes".
		(event.agent_id === null || stream.agent_id === null || event.agent_id === stream.agent_id) &&
		// "one that is not in_progress, done, failure or handler_lost makes its item unmodified".
		["in_progress", "done", "failure", "handler_lost"].includes(event.status);
	if (!applies) {
		said.ignored = true;
		return;
	}
	const before = stream.last_error;
	if (event.error !== undefined) stream.last_error = event.error;
	if (event.status === "in_progress") {
		if (policy.logFeedback === "all" || differ(before, stream.last_error)) {
			said.records.push({ status: "in_progress", reported: true });
		}
	} else if (event.status === "done") {
		enter(stream, "done", said, true);
		disarm(stream);
	} else if (event.status === "failure") {
		fail(stream, event.random, policy, said);
	} else {
		loseHandler(stream, true, policy, said);
	}
}

/** "error_code or desc differ, or null <-> object". */
function differ(one: ReportedError | null, other: ReportedError | null): boolean {
	if (one === null || other === null) return one !== other;
	return one.error_code !== other.error_code || one.desc !== other.desc;
}

/** "On failure: fatal → denied. Else current_attempt < attempt_count → in_progress [...] Else failed." */
function fail(stream: ModelStream, random: number, policy: LifecyclePolicy, said: Said): void {
	enter(stream, "failure", said, true);
	if (stream.restart === 0) {
		stream.autorestart_status = "disabled";
	} else if (stream.last_error !== null && policy.fatalErrorCodes.has(stream.last_error.error_code)) {
		stream.autorestart_status = "denied";
	} else if (stream.current_attempt < stream.attempt_count) {
		stream.autorestart_status = "in_progress";
		// "delay × BACKOFF_FACTOR^current_attempt, at most MAX_DELAY (which never shortens delay itself)".
		const most = Math.max(stream.delay, policy.maxDelay);
		let seconds = stream.delay;
		for (let made = 0; made < stream.current_attempt && seconds < most; made += 1) seconds *= policy.backoffFactor;
		if (seconds > most) seconds = most;
		// "lengthened by 0..JITTER of itself".
		said.restart_in = seconds + seconds * policy.jitter * random;
	} else {
		stream.autorestart_status = "failed";
	}
}

/** "If the connection is gone before the answer is written, the streams taken go back at once": nothing is held back. */
function undelivered(stream: ModelStream, run: number, said: Said): void {
	if (stream.status !== "in_progress" || stream.run !== run) {
		said.ignored = true;
		return;
	}
	said.records.push({ status: "handler_lost", reported: false }, { status: "restart", reported: false });
	enter(stream, "pending", said);
}

/** "handler_lost, restart, pending"; "losing the handler never counts as an attempt, changes nothing here". */
function loseHandler(stream: ModelStream, reported: boolean, policy: LifecyclePolicy, said: Said): void {
	said.records.push({ status: "handler_lost", reported }, { status: "restart", reported: false });
	enter(stream, "pending", said);
	stream.lost_count += 1;
	// "more than LOST_LIMIT times [...] only after 1 s, doubled each time up to 300 s".
	let seconds = 0;
	for (let loss = policy.lostLimit + 1; loss <= stream.lost_count; loss += 1) {
		seconds = seconds === 0 ? 1 : Math.min(300, seconds * 2);
	}
	if (seconds > 0) said.held_back = seconds;
}

/** "failure, an autorestart is due: restart, pending"; "current_attempt +1, last_attempt_time = now". */
function restartDue(stream: ModelStream, said: Said): void {
	if (stream.status !== "failure" || stream.autorestart_status !== "in_progress") {
		said.ignored = true;
		return;
	}
	said.records.push({ status: "restart", reported: false });
	enter(stream, "pending", said);
	stream.current_attempt += 1;
	said.attempt = true;
}

/** "After HEALTHY_PERIOD of in_progress feedback: current_attempt 0, status enabled, last_attempt_time stays." */
function healthy(stream: ModelStream, said: Said): void {
	if (stream.status !== "in_progress") {
		said.ignored = true;
		return;
	}
	stream.current_attempt = 0;
	stream.lost_count = 0;
	disarm(stream);
}

function patch(stream: ModelStream, status: "pending" | "pause" | "cancel", said: Said): void {
	if (status === "pending") {
		if (stream.status === "in_progress") {
			said.refused = 39004;
		} else if (stream.status === "pending") {
			// "A patched pending clears this": a stream that is held back is a pending one.
			if (stream.lost_count > 0) said.held_back = 0;
			stream.lost_count = 0;
		} else {
			enter(stream, "pending", said);
			startAnew(stream, said);
			stream.lost_count = 0;
		}
	} else if (status === "pause") {
		if (stream.status === "in_progress" && stream.videofile) {
			said.refused = 39003;
		} else if (stream.status !== "pause") {
			enter(stream, "pause", said);
			disarm(stream);
		}
	} else {
		const awaitsRestart = stream.status === "failure" && stream.autorestart_status === "in_progress";
		if (["pending", "in_progress", "pause"].includes(stream.status) || awaitsRestart) {
			enter(stream, "cancel", said);
			disarm(stream);
		} else {
			said.refused = 39005;
		}
	}
}

/** "restart, then that status, with the new version"; "autorestart starts anew and the handler is forgotten". */
function recreate(stream: ModelStream, body: Extract<StreamEvent, { type: "recreate" }>, said: Said): void {
	said.records.push({ status: "restart", reported: false });
	enter(stream, body.status, said);
	stream.version += 1;
	stream.restart = body.restart;
	stream.attempt_count = body.attempt_count;
	stream.delay = body.delay;
	stream.videofile = body.videofile;
	stream.last_error = null;
	stream.lost_count = 0;
	startAnew(stream, said);
	said.report_forgotten = "all";
}

/** "Whatever else leaves failure, and done, pause or cancel of a restarted stream, disarms: status enabled, counters stay." */
function disarm(stream: ModelStream): void {
	stream.autorestart_status = stream.restart === 1 ? "enabled" : "disabled";
}

/** "Patched pending and PUT start anew (current_attempt 0, last_attempt_time null)." */
function startAnew(stream: ModelStream, said: Said): void {
	stream.current_attempt = 0;
	disarm(stream);
	said.attempts_forgotten = true;
}

function enter(stream: ModelStream, status: Status, said: Said, reported = false): void {
	stream.status = status;
	if (status !== "in_progress") stream.agent_id = null;
	said.records.push({ status, reported });
}
